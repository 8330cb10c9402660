"""What arguments of a watcher become, which are marked as those of an operator are."""

import math
from datetime import timedelta

from tests.fakes.pipeline_files import mistakes, pipelines
from typed_assets.imported_values import imported
from typed_assets.spec.pipelines import AssetStep
from typed_assets.yaml.values import Imported

WATCHED = """
sources: [{{name: b, uri: "s3://b/b/", watchers: [{{name: w, trigger: m.T, arguments: {{{0}}}}}]}}]
steps:
  - asset:
      name: a
      uri: s3://b/a/
      watchers: [{{name: w, trigger: m.T, arguments: {{{0}}}}}]
    make: m:f
"""


def test_marked_values_are_what_the_trigger_takes() -> None:
    (found,) = pipelines(WATCHED.format('every: {$duration: 5m}, all: [{$import: "math:tau"}], queue: "{q}"'))
    (step,) = found.steps
    assert isinstance(step, AssetStep)
    for asset in (*step.assets, *found.sources):
        assert asset.watchers[0].arguments == {
            "every": timedelta(minutes=5),
            "all": [Imported("math", "tau")],
            "queue": "{q}",
        }


def test_names_in_them_are_imported_with_the_pipeline() -> None:
    (read,) = pipelines(WATCHED.format('all: [{$import: "math:tau"}]'))
    found = imported(read)
    (step,) = found.steps
    assert isinstance(step, AssetStep)
    for asset in (*step.assets, *found.sources):
        assert asset.watchers[0].arguments == {"all": [math.tau]}


PLACES = ("steps[0].asset.watchers[0]", "sources[0].watchers[0]")


def test_a_mark_that_is_none_is_refused_where_it_stands() -> None:
    found = mistakes(WATCHED.format("every: {$duration: soon}"))
    said = "`$duration` cannot be the text `soon` (write a duration as `90s`, `15m`, `1h30m` or `2d`)"
    assert [each.partition(" ")[2] for each in found] == [
        f"`{place}.arguments.every.$duration`: {said}" for place in PLACES
    ]


def test_what_a_step_returned_is_no_argument_of_a_watcher() -> None:
    found = mistakes(WATCHED.format("every: {$output: a}"))
    said = "`$output` is what a step returned, and only arguments of steps can be that"
    assert [each.partition(" ")[2] for each in found] == [
        f"`{place}.arguments.every`: {said}" for place in PLACES
    ]
