# ruff: noqa: E501 - sentences are compared whole
"""Every mistake has file, line, key and, where there is one, the nearest right word."""

import pytest

from tests.fakes.pipeline_files import END, LOAD, KnownOperators, folder_of, mistakes, pipelines, read
from typed_assets.spec.pipelines import AssetStep, OperatorStep
from typed_assets.spec.schedule_values import Abilities
from typed_assets.yaml.reading import Reader

STEPS = f"steps: [{{id: a, operator: {END}}}]\n"


def load(arguments: str) -> str:
    return f"steps:\n  - id: a\n    operator: {LOAD}\n    arguments: {{{arguments}}}\n"


ASSET = "steps:\n  - make: m:f\n    asset:\n      name: a\n      uri: s3://b/a/\n"
TABLE = ASSET.replace("s3://b/a/", "redshift://w/d/s/a")
CASES = {
    "misspelt key": (
        f"{STEPS}schedul: '@daily'\n",
        ["2 `schedul`: there is no key `schedul` here (did you mean `schedule`?)"],
    ),
    "freshness that nothing can have": (
        f"{ASSET}      freshness: {{within: 0s}}\n",
        [
            (
                "6 `steps[0].asset.freshness`: `within` is 0:00:00, and no asset is younger than that "
                "(write how long after a publication the next one is due)"
            )
        ],
    ),
    "two sources of one name": (
        f"{STEPS}sources:\n  - {{name: b, uri: 's3://b/b/'}}\n  - {{name: b, uri: 's3://b/c/'}}\n",
        ["4 `sources[1].name`: `b` is named twice, first as `sources[0]` (leave one of them out)"],
    ),
    "misspelt key of a step": (
        f"steps: [{{id: a, operater: {END}}}]\n",
        ["1 `steps[0].operater`: there is no key `operater` here (did you mean `operator`?)"],
    ),
    "unknown argument": (
        load("sql: x, workgroup_nam: w"),
        [
            (
                "4 `steps[0].arguments.workgroup_nam`: `LoadOperator` has no argument `workgroup_nam` "
                "(did you mean `workgroup_name`?)"
            )
        ],
    ),
    "missing argument": (load(""), ["2 `steps[0]`: `LoadOperator` needs the argument `sql`"]),
    "wrong type of an argument": (
        load("sql: x, wait: no"),
        [
            (
                "4 `steps[0].arguments.wait`: argument `wait` of `LoadOperator` must be true or false, not the text `no` "
                "(`no` is text in YAML 1.2; write `false`)"
            )
        ],
    ),
    "number for text": (
        load("sql: 1"),
        ['4 `steps[0].arguments.sql`: argument `sql` of `LoadOperator` must be text, not `1` (write `"1"`)'],
    ),
    "wrong choice": (
        load("sql: x, method: MERGE"),
        [
            (
                "4 `steps[0].arguments.method`: argument `method` of `LoadOperator` must be one of `APPEND`, `REPLACE`, "
                "not the text `MERGE`"
            )
        ],
    ),
    "wrong duration": (
        load("sql: x, retry_delay: soon"),
        [
            (
                "4 `steps[0].arguments.retry_delay`: argument `retry_delay` of `LoadOperator` must be a number or "
                "a duration such as `15m`, not the text `soon`"
            )
        ],
    ),
    "unknown operator": (
        "steps: [{id: a, operator: providers.redshift.LodOperator}]\n",
        [
            (
                "1 `steps[0].operator`: there is no operator `providers.redshift.LodOperator` "
                "(did you mean `LoadOperator`?)"
            )
        ],
    ),
    "unknown module": (
        "steps: [{id: a, operator: providers.redshif.LoadOperator}]\n",
        [
            (
                "1 `steps[0].operator`: there is no operator `providers.redshif.LoadOperator` "
                "(did you mean `providers.redshift`?)"
            )
        ],
    ),
    "missing upstream": (
        f"steps:\n  - {{id: load, operator: {END}}}\n  - {{id: b, operator: {END}, after: [laod]}}\n",
        ["3 `steps[1].after[0]`: step `b` comes after `laod`, which is no step here (did you mean `load`?)"],
    ),
    "pattern without a match": (
        f"steps:\n  - {{id: b, operator: {END}, after: ['x_*']}}\n",
        ["2 `steps[0].after[0]`: step `b` comes after `x_*`, which is no step here"],
    ),
    "cycle": (
        f"steps:\n  - {{id: a, operator: {END}, after: [b]}}\n  - {{id: b, operator: {END}, after: [a]}}\n",
        [
            (
                "2 `steps[0].after`: these steps wait for one another: `a` → `b` → `a` "
                "(take one of them out of `after`)"
            )
        ],
    ),
    "id of a DAG that starts partitions": (
        f"id: days__partitions\n{STEPS}",
        [
            (
                "1 `id`: `days__partitions` cannot be the id of a pipeline "
                "(`__partitions` ends the ids of DAGs that start partitions: choose another end)"
            )
        ],
    ),
    "duplicate id": (
        f"steps:\n  - {{id: a, operator: {END}}}\n  - {{id: a, operator: {END}}}\n",
        ["3 `steps[1].id`: two steps have the id `a`"],
    ),
    "duplicate id in a loop": (
        f"steps:\n  - {{id: a, operator: {END}, for_each: {{x: [1, 2]}}}}\n",
        ["2 `steps[0].id`: two steps have the id `a` (put a variable of the loop into it)"],
    ),
    "bad cron": (
        f"schedule: 0 25 * * *\n{STEPS}",
        ["1 `schedule`: `25` is no hour of a cron expression (write 0 to 23, `*`, a range or a step)"],
    ),
    "bad preset": (
        f"schedule: '@dayly'\n{STEPS}",
        ["1 `schedule`: `@dayly` is no preset (did you mean `@daily`?)"],
    ),
    "bad time zone": (
        f"schedule: {{cron: '@daily', timezone: Europe/Berln}}\n{STEPS}",
        ["1 `schedule.timezone`: the text `Europe/Berln` is no time zone (write `Europe/Berlin`)"],
    ),
    "bad form of a schedule": (
        f"schedule: {{crn: '@daily'}}\n{STEPS}",
        ["1 `schedule.crn`: there is no key `crn` here (did you mean `cron`?)"],
    ),
    "bad reference": (
        load("sql: {$ref: ../sql/laod.sql}"),
        [
            "4 `steps[0].arguments.sql.$ref`: there is no file `../sql/laod.sql` (did you mean `../sql/load.sql`?)"
        ],
    ),
    "reference out of the folder": (
        load("sql: {$ref: ../../secret.sql}"),
        [
            (
                "4 `steps[0].arguments.sql.$ref`: `../../secret.sql` lies outside of the DAG folder "
                "(write a path relative to this file)"
            )
        ],
    ),
    "missing SQL file": (
        ASSET.replace("m:f", "../sql/laod.sql"),
        ["2 `steps[0].make`: there is no file `../sql/laod.sql` (did you mean `../sql/load.sql`?)"],
    ),
    "misspelt column": (
        f"{ASSET}      contract:\n        columns: [{{name: carrier, type: text}}]\n        keys:\n          - [carier]\n",
        ["9 `steps[0].asset.contract`: the contract has no column `carier` (did you mean `carrier`?)"],
    ),
    "misspelt type of a column": (
        f"{ASSET}      contract:\n        columns: [{{name: carrier, type: txt}}]\n",
        [
            (
                "7 `steps[0].asset.contract.columns[0].type`: `txt` is none of `text`, `integer`, `decimal`, `float`, "
                "`boolean`, `date`, `timestamp` (did you mean `text`?)"
            )
        ],
    ),
    "misspelt key of a contract": (
        f"{ASSET}      contract:\n        colums: []\n        columns: [{{name: a, type: text, nulable: true}}]\n",
        [
            (
                "8 `steps[0].asset.contract.columns[0].nulable`: there is no key `nulable` here "
                "(did you mean `nullable`?)"
            ),
            "7 `steps[0].asset.contract.colums`: there is no key `colums` here (did you mean `columns`?)",
        ],
    ),
    "warning after the asset is late": (
        f"{ASSET}      freshness:\n        within: 24h\n        warn_within: 26h\n",
        [
            (
                "8 `steps[0].asset.freshness`: `within` is 1 day, 0:00:00 and `warn_within`, which is longer, "
                "1 day, 2:00:00 (the warning comes before the asset is late)"
            )
        ],
    ),
    "bad URI": (
        ASSET.replace("s3://b/a/", "s3:/b/a"),
        [
            (
                "5 `steps[0].asset`: `s3:/b/a` is not the place of an asset "
                "(write `s3://BUCKET/PREFIX/` or `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE`)"
            )
        ],
    ),
    "upstream that nobody makes": (
        f"{ASSET}      upstream: [b]\n",
        [
            "2 `steps[0]`: step `a` is made of `b`, which no step makes (name assets of other pipelines as `sources`)"
        ],
    ),
    "wrong type": (
        f"{STEPS}tags: nightly\nstart: yesterday\n",
        [
            "3 `start`: must be a day, not the text `yesterday` (write it as `2024-01-31`)",
            "2 `tags`: must be a list, not the text `nightly`",
        ],
    ),
    "argument of the DAG": (
        f"{STEPS}arguments: {{max_active_run: 1, schedule: x, catchup: nope}}\n",
        [
            "2 `arguments.schedule`: `schedule` of the DAG is not given here (write `schedule` beside `steps`)",
            "2 `arguments.max_active_run`: `DAG` has no argument `max_active_run` (did you mean `max_active_runs`?)",
            "2 `arguments.catchup`: argument `catchup` of `DAG` must be true or false, not the text `nope`",
        ],
    ),
    "default argument that nothing takes": (
        f"{STEPS}default_arguments: {{retrys: 1}}\n",
        [
            "2 `default_arguments.retrys`: no operator here takes the argument `retrys` (did you mean `retries`?)"
        ],
    ),
    "no steps": ("schedule: '@daily'\n", ["1: the key `steps` is missing"]),
    "no mapping": ("- a\n", ["1: a pipeline must be a mapping with `steps`, not a list"]),
    "unknown variable": (
        f"steps: [{{id: 'a_${{{{ x }}}}', operator: {END}}}]\n",
        ["1 `steps[0].id`: no loop here has a variable `x`"],
    ),
    "misspelt variable": (
        f"steps: [{{id: 'a_${{{{ tabel }}}}', for_each: {{table: [x]}}, operator: {END}}}]\n",
        ["1 `steps[0].id`: no loop here has a variable `tabel` (did you mean `table`?)"],
    ),
    "matrix without a variable in the id": (
        f"matrix: {{x: [1, 2]}}\n{STEPS}",
        ["1 `id`: the matrix makes several pipelines with the id `nightly` (put its variables into `id`)"],
    ),
    "exclusion of nothing": (
        f"id: 'a_${{{{ x }}}}'\nmatrix: {{x: [1]}}\nexclude: [{{x: 3}}]\n{STEPS}",
        ["3 `exclude[0].x`: `x` of the matrix has no value `3`"],
    ),
    "what makes an asset is no function": (
        ASSET.replace("m:f", "marts"),
        [
            "2 `steps[0].make`: `marts` names no function (write `module:function`, or the path of a .sql file)",
        ],
    ),
    "a check is no function": (
        f"{ASSET}      checks:\n        - {{name: c, run: nope}}\n",
        [
            "7 `steps[0].asset`: `nope` names no function (write `module:function`, or the path of a .sql file)",
        ],
    ),
    "missing SQL file of a check": (
        f"{TABLE}      checks:\n        - {{name: c, run: ../sql/laod.sql}}\n",
        [
            (
                "7 `steps[0].asset.checks[0].run`: there is no file `../sql/laod.sql` "
                "(did you mean `../sql/load.sql`?)"
            )
        ],
    ),
    "two assets at one place": (
        f"{TABLE}  - make: m:f\n    asset: {{name: b, uri: 'redshift://w/d/s/A'}}\n",
        [
            (
                "6 `steps[1]`: `a` and `b` stand at one place, `redshift://w/d/s/A` "
                "(each would publish over the other)"
            )
        ],
    ),
    "two partitions of one name": (
        f"{ASSET}      partitions:\n        static:\n          - a\n          - a\n",
        ["8 `steps[0].asset.partitions.static`: two partitions have the name `a`"],
    ),
    "days that end before they begin": (
        f"{ASSET}      partitions:\n        daily: {{start: '2024-01-02', end: '2024-01-01'}}\n",
        [
            (
                "7 `steps[0].asset.partitions.daily`: there are no partitions: the end, 2024-01-01, "
                "is not after the start, 2024-01-02"
            )
        ],
    ),
    "hours that begin at no hour": (
        (
            f"{ASSET}      partitions:\n        product:\n          - static: [a, b]\n"
            "          - hourly: {start: '2024-01-02T00:30'}\n"
        ),
        [
            (
                "9 `steps[0].asset.partitions.product[1].hourly`: hourly partitions begin at a full hour, "
                "and 00:30:00 is none"
            )
        ],
    ),
    "different partitions": (
        (
            f"{ASSET}      partitions: {{static: [a]}}\n  - make: m:f\n"
            "    asset: {name: b, uri: 's3://b/b/', partitions: {static: [b]}}\n"
        ),
        [
            (
                "1: `a` and `b` have different partitions, and a run makes one partition "
                "(make them in two pipelines)"
            )
        ],
    ),
    "schedule without a moment": (
        f"{STEPS}schedule: {{not: {{updated: x}}}}\n",
        [
            (
                "2 `schedule`: `Not` alone starts no run: there is no moment at which it becomes true "
                "(put it into `AllOf`, beside `OnCron`, `Updated` or `Eager`)"
            )
        ],
    ),
    "clocks of several zones": (
        f"schedule: {{any: ['@daily', {{cron: '0 5 * * *', timezone: Asia/Tokyo}}]}}\n{STEPS}",
        [
            (
                "1 `schedule`: `AnyOf` cannot join clocks of different zones: `Asia/Tokyo`, `UTC` "
                "(write all of them in one zone)"
            )
        ],
    ),
    "schedule that waits for nothing": (
        f"{STEPS}schedule: eager\n",
        [
            (
                "2 `schedule`: `Eager` waits for assets of other pipelines, and there are none upstream "
                "(use `OnCron`, or name upstream assets)"
            )
        ],
    ),
    "clock of another zone than the partitions": (
        (
            f"{ASSET}      partitions: {{daily: {{start: '2024-01-02'}}}}\n"
            "schedule: {cron: '0 2 * * *', timezone: Europe/Berlin}\n"
        ),
        [
            (
                "7 `schedule`: partitions are days of UTC, and the clock goes by Europe/Berlin "
                "(write the time in UTC)"
            )
        ],
    ),
    "expansion over text": (
        f"{load('sql: x')}    expand: {{tables: x}}\n",
        [
            (
                "5 `steps[0].expand.tables`: `tables` is expanded over a list, not the text `x` "
                "(write a list, or `{$output: step}`)"
            )
        ],
    ),
    "expansion of what is given": (
        f"{load('sql: x')}    expand: {{sql: [x]}}\n",
        ["5 `steps[0].expand.sql`: `sql` stands in `arguments` and in `expand` (take one of them out)"],
    ),
    "expansion of what the task has as a whole": (
        f"{load('sql: x')}    expand: {{retries: [1, 2]}}\n",
        [
            (
                "5 `steps[0].expand.retries`: `retries` belongs to the task as a whole and cannot be expanded "
                "(write it in `arguments`)"
            )
        ],
    ),
    "exclusion from no matrix": (
        f"exclude: [{{x: 3}}]\n{STEPS}",
        ["1 `exclude`: there is no `matrix` to leave anything out of"],
    ),
    "exclusion of everything": (
        f"id: 'a_${{{{ x }}}}'\nmatrix: {{x: [1]}}\nexclude: [{{x: 1}}]\n{STEPS}",
        ["3 `exclude`: every combination of the matrix is left out, so there is no pipeline"],
    ),
    "output of a step that makes an asset": (
        f"{ASSET}  - id: b\n    operator: {LOAD}\n    arguments: {{sql: {{$output: a}}}}\n",
        [
            (
                "6 `steps[1]`: step `b` takes what `a` returns, and that step makes an asset "
                "(put a step behind it that reads the asset, and take what that one returns)"
            )
        ],
    ),
    "output where no step has run": (
        f"{STEPS}arguments: {{catchup: {{$output: a}}}}\n",
        ["2 `arguments.catchup`: `$output` is what a step returned, and only arguments of steps can be that"],
    ),
    "template where Airflow renders none": (
        load("sql: '{{ x }}', retries: '{{ x }}'"),
        [
            (
                "4 `steps[0].arguments.retries`: argument `retries` of `LoadOperator` must be a whole number, "
                "not the text `{{ x }}` (Airflow renders no template here)"
            )
        ],
    ),
    "template in an argument of the DAG": (
        f"{STEPS}arguments: {{catchup: '{{{{ x }}}}'}}\n",
        [
            (
                "2 `arguments.catchup`: argument `catchup` of `DAG` must be true or false, "
                "not the text `{{ x }}` (Airflow renders no template here)"
            )
        ],
    ),
    "misspelt rule of a task": (
        load("sql: x, trigger_rule: all_sucess, weight_rule: lib.rules.Own"),
        [
            (
                "4 `steps[0].arguments.trigger_rule`: argument `trigger_rule` of `LoadOperator` must be one of "
                "`all_done`, `all_done_min_one_success`, `all_done_setup_success`, `all_failed`, `all_skipped`, "
                "`all_success`, `always`, `none_failed`, `none_failed_min_one_success`, `none_skipped`, "
                "`one_done`, `one_failed`, `one_success`, not the text `all_sucess` (did you mean `all_success`?)"
            )
        ],
    ),
    "share that is no number": (
        f"{ASSET}      quarantine: {{uri: 's3://b/q/', max_share: true}}\n",
        ["6 `steps[0].asset.quarantine.max_share`: must be a number, not true"],
    ),
    "unknown mark": (
        load("sql: x, outlets: [{$durations: 5m}]"),
        [
            "4 `steps[0].arguments.outlets[0].$durations`: there is no mark `$durations` (did you mean `$duration`?)"
        ],
    ),
    "a step of neither kind": (
        "steps: [{id: a}]\n",
        ["1 `steps[0]`: a step has an `operator`, or an `asset` and what makes it (`make`)"],
    ),
}


@pytest.mark.parametrize(("text", "sentences"), CASES.values(), ids=CASES)
def test_a_mistake_is_named_with_line_and_remedy(text: str, sentences: list[str]) -> None:
    assert mistakes(text, **{"sql/load.sql": "select 1"}) == sentences


def test_a_mistake_in_a_file_that_is_referred_to_is_named_there() -> None:
    text = f"{ASSET}      contract: {{$ref: _contract.yaml}}\n"
    contract = "closed: true\ncolumns:\n  - {name: a, typ: text}\n"
    reading = read({"pipelines/x.yaml": text, "pipelines/_contract.yaml": contract})
    assert [each.sentence for each in reading.mistakes] == [
        "pipelines/_contract.yaml:3 `columns[0]`: the key `type` is missing",
        "pipelines/_contract.yaml:3 `columns[0].typ`: there is no key `typ` here (did you mean `type`?)",
    ]


def test_a_mistake_in_defaults_is_named_there_and_once() -> None:
    files = {
        "pipelines/_defaults.yaml": "tags: [a]\nownrs: [b]\n",
        "pipelines/a.yaml": STEPS,
        "pipelines/b.yaml": STEPS,
    }
    reading = read(files)
    assert [each.sentence for each in reading.mistakes] == [
        "pipelines/_defaults.yaml:2 `ownrs`: there is no key `ownrs` here (did you mean `owners`?)"
    ]
    assert reading.pipelines == ()


def test_a_default_argument_that_nothing_below_takes_is_named() -> None:
    files = {"pipelines/_defaults.yaml": "default_arguments: {retry_dely: 5m, sql: x}\n"}
    reading = read({**files, "pipelines/a.yaml": STEPS, "pipelines/b.yaml": load("sql: x")})
    assert [each.sentence for each in reading.mistakes] == [
        (
            "pipelines/_defaults.yaml:1 `default_arguments.retry_dely`: no operator below takes the argument `retry_dely` "
            "(did you mean `retry_delay`?)"
        )
    ]


def test_two_files_with_one_id_are_refused_and_others_stay() -> None:
    text = f"id: same\n{STEPS}"
    reading = read({"pipelines/a.yaml": text, "pipelines/b.yaml": text, "pipelines/c.yaml": STEPS})
    assert [each.sentence for each in reading.mistakes] == [
        "pipelines/b.yaml:1 `id`: `same` is also the id of the pipeline in `pipelines/a.yaml`"
    ]
    assert [each.id for each in reading.pipelines] == ["same", "c"]


def test_a_file_that_refers_to_itself_is_refused() -> None:
    reading = read({"pipelines/a.yaml": "steps: {$ref: a.yaml}\n"})
    assert [each.message for each in reading.mistakes] == ["`a.yaml` refers to itself, or to too many files"]


def test_a_schedule_is_judged_by_what_the_version_of_airflow_knows() -> None:
    text = """
        schedule: eager
        sources: [{name: h, uri: "s3://b/h/", partitions: {static: [x]}}]
        steps:
          - make: m:f
            asset: {name: d, uri: "s3://b/d/", upstream: [{asset: h, mapping: all}]}
    """
    found = {
        version: Reader(
            folder_of({"pipelines/x.yaml": text}), "pipelines", KnownOperators(), Abilities.of(version)
        ).read("pipelines/x.yaml")
        for version in ("3.0.6", "3.2.1", "3.3.1")
    }
    (mistake,) = found["3.2.1"].mistakes
    assert mistake.sentence.startswith("pipelines/x.yaml:1 `schedule`: Airflow 3.2 starts no run of an asset")
    assert (found["3.0.6"].mistakes, found["3.3.1"].mistakes) == ((), ())


def test_what_is_expanded_takes_the_place_of_a_default() -> None:
    (found,) = pipelines(
        f"operators: {{{LOAD}: {{sql: x}}}}\nsteps: [{{id: a, operator: {LOAD}, expand: {{sql: [y, z]}}}}]\n"
    )
    (step,) = found.steps
    assert isinstance(step, OperatorStep)
    assert (step.arguments, step.expand) == ({}, {"sql": ["y", "z"]})


def test_the_sql_file_of_a_check_lies_beside_the_pipeline_as_that_of_a_step_does() -> None:
    text = f"{TABLE}      checks: [{{name: c, run: ../sql/load.sql}}]\n"
    (found,) = pipelines(text, **{"sql/load.sql": "select 0"})
    (step,) = found.steps
    assert isinstance(step, AssetStep)
    assert step.assets[0].checks[0].run == "sql/load.sql"


@pytest.mark.parametrize(
    ("defaults", "said"),
    [
        (
            f"operators: {{{LOAD}s: {{sql: x}}}}\n",
            (
                "1 `operators.providers.redshift.LoadOperators`: there is no operator "
                "`providers.redshift.LoadOperators` (did you mean `LoadOperator`?)"
            ),
        ),
        (
            f"operators: {{{LOAD}: {{sq: x}}}}\n",
            (
                "1 `operators.providers.redshift.LoadOperator.sq`: `LoadOperator` has no argument `sq` "
                "(did you mean `sql`?)"
            ),
        ),
        (f"operators: {{{LOAD}: {{sql: x}}, own.Operator: {{y: z}}}}\n", None),
    ],
)
def test_arguments_for_operators_that_no_step_has_are_judged_too(defaults: str, said: str | None) -> None:
    sentences = [] if said is None else [said]
    assert mistakes(f"{defaults}{STEPS}") == sentences
    reading = read({"pipelines/_defaults.yaml": defaults, "pipelines/a.yaml": STEPS})
    found = [each.sentence.removeprefix("pipelines/_defaults.yaml:") for each in reading.mistakes]
    assert (found, [each.id for each in reading.pipelines]) == (sentences, ["a"])


def test_defaults_that_nobody_reads_are_named() -> None:
    reading = read({"pipelines/_defaults.yml": "tags: [a]\n", "pipelines/t/a.yaml": STEPS})
    assert [each.sentence for each in reading.mistakes] == [
        "pipelines/_defaults.yml: nobody reads this file (call it `_defaults.yaml`)"
    ]


def test_the_case_of_a_files_ending_hides_no_pipeline() -> None:
    assert [each.id for each in read({"pipelines/Nightly.YAML": STEPS}).pipelines] == ["Nightly"]
