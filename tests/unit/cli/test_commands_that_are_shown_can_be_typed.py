"""Whatever is shown names commands as they may be typed, and what others have written stays as it is."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.progress import shown_progress
from mwaactl.cli.steps import shown_steps
from mwaactl.executor.events import Detail
from mwaactl.operations.held_assets import HeldAssets
from mwaactl.quotation import quoted

OURS = "run `mwaactl deploy` or `npx cdk deploy a-network`"
TYPED = "run `mwaactl --config 'a b.toml' deploy -e prod` or `npx cdk deploy a-network -c environment=prod`"


@pytest.fixture
def call() -> Invocation:
    console = Console(environ={}, stdout=io.StringIO(), stderr=io.StringIO())
    return Invocation(Composition(environ={}), console, config=Path("a b.toml"), environment="prod")


def written(call: Invocation) -> str:
    streams = (call.console.stdout, call.console.stderr)
    return "".join(each.getvalue() for each in streams if isinstance(each, io.StringIO))


def test_results_progress_and_hints_name_the_command_with_the_options_of_this_one(call: Invocation) -> None:
    call.console.data(OURS)
    call.console.status(OURS)
    call.console.hint(OURS)
    with shown_progress(call.console) as listener, shown_steps(call.console) as steps:
        listener(Detail(OURS, lasting=True))
        steps.stage(OURS)

    assert written(call).splitlines() == [TYPED, TYPED, f"hint: {TYPED}", f"  {TYPED}", TYPED]


def test_documents_json_and_causes_stay_as_they_are(call: Invocation) -> None:
    call.console.document(OURS)
    call.console.verbatim(OURS)
    call.console.json(OURS)
    call.console.error(OURS)

    assert written(call).splitlines() == [OURS, OURS, json.dumps(OURS), f"error: {OURS}"]


def test_what_is_quoted_stays_as_it_is_beside_our_own_words(call: Invocation) -> None:
    call.console.data(f"{quoted(OURS)}: {OURS}")

    assert written(call) == f"{OURS}: {TYPED}\n"


def test_why_an_asset_cannot_be_read_stays_as_its_author_wrote_it(call: Invocation) -> None:
    HeldAssets({}, {"one": OURS}).tell_unread(call.console.status)

    assert written(call).endswith(f": {OURS}\n")


@pytest.mark.parametrize(
    "text",
    [
        "`mwaactl requirements`, which is a group",
        "`mwaactl requirements unlock`, which is nothing",
        "`mwaactl`, mwaactl deploy, 'mwaactl deploy', `mwaactl --config other.toml deploy`",
        "`mwaactl deploy\nin two lines`",
    ],
)
def test_what_is_no_command_that_could_be_typed_stays_as_it_is(call: Invocation, text: str) -> None:
    call.console.data(text)

    assert written(call) == f"{text}\n"


def test_a_quoted_text_is_shown_without_marks_where_there_is_nothing_to_complete() -> None:
    console = Console(environ={}, stdout=io.StringIO(), stderr=io.StringIO())

    console.status(quoted(OURS))

    assert isinstance(console.stderr, io.StringIO)
    assert console.stderr.getvalue() == f"{OURS}\n"


def test_a_secret_within_an_option_is_not_shown() -> None:
    console = Console(environ={"API_KEY": "hunter2hunter2"}, stdout=io.StringIO(), stderr=io.StringIO())
    call = Invocation(Composition(environ={}), console, config=Path("hunter2hunter2.toml"))

    console.status(OURS)

    assert written(call) == "run `mwaactl --config ***.toml deploy` or `npx cdk deploy a-network`\n"
