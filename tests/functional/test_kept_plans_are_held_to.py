"""`mwaactl deploy --plan` carries out the plan that was looked at, made with the same options, or nothing."""

from __future__ import annotations

import json
import os
import re
import shlex
import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fakes.command_line import CommandLine, Result


def after(mwaactl: CommandLine, *arguments: str) -> Result:
    mwaactl.aws.clock.sleep(10)
    return mwaactl(*arguments)


@pytest.fixture
def changed(mwaactl: CommandLine) -> CommandLine:
    """The small project, deployed and changed since."""
    assert after(mwaactl, "deploy").code == 0
    mwaactl.write("dags/tables.py", "TABLES = (1,)\n")
    return mwaactl


# mwaactl plan --out FILE OPTIONS; mwaactl deploy --plan FILE OTHERS
@pytest.mark.parametrize(
    ("planned", "deployed", "why"),
    [
        (["--zero-window"], [], "it was made with `--zero-window`, and this deployment goes without options"),
        ([], ["--zero-window"], "it was made without options, and this deployment goes with `--zero-window`"),
        (
            ["--worker-replacement", "forced"],
            ["--zero-window"],
            "it was made with `--worker-replacement forced`, and this deployment goes with `--zero-window`",
        ),
    ],
)
def test_other_options_are_named(
    changed: CommandLine, tmp_path: Path, planned: list[str], deployed: list[str], why: str
) -> None:
    kept, written = str(tmp_path / "plan.json"), list(changed.aws.bucket.writes)
    assert after(changed, "plan", "--out", kept, *planned).code == 0

    result = after(changed, "deploy", "--plan", kept, *deployed)

    assert result.code == 1
    assert result.stderr.startswith(f"error: the plan in `{kept}` no longer holds: {why}\n")
    assert changed.aws.bucket.writes == written
    remade, told = (shlex.split(each) for each in re.findall("`(mwaactl [^`]*)`", result.stderr))
    assert remade == ["mwaactl", "plan", "--out", kept, *deployed]
    assert told == ["mwaactl", "deploy", "--plan", kept, *planned]
    assert after(changed, *told[1:]).code == 0


# mwaactl deploy --plan FILE
def test_a_plan_of_another_environment_is_carried_out_there(changed: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "plan.json"
    assert after(changed, "plan", "--out", str(kept)).code == 0
    plan = json.loads(kept.read_text(encoding="utf-8")) | {"environment": "prod"}
    kept.write_text(json.dumps(plan), encoding="utf-8")

    result = after(changed, "deploy", "-e", "local", "--plan", str(kept))

    assert f"`mwaactl deploy -e prod --plan {kept}`" in result.stderr


# mwaactl deploy --plan FILE
def test_a_plan_in_another_form_is_told_as_such(changed: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "plan.json"
    kept.write_text('{"format": 2}', encoding="utf-8")

    result = after(changed, "deploy", "--plan", str(kept))

    assert result.code == 1
    assert "another version of mwaactl made it, which keeps plans in another form\n" in result.stderr
    assert f"`mwaactl plan --out {kept}`" in result.stderr


# mwaactl plan -e ENV --out FILE OPTIONS
def test_the_command_that_is_told_can_be_typed(changed: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "a plan $(of mine).json"
    options = ("-e", "local", "--worker-replacement", "forced", "--zero-window")

    said = after(changed, "plan", "--out", str(kept), *options).stderr

    told = said[said.index("`mwaactl deploy") + 1 : said.rindex("`")]
    words = shlex.split(told)
    assert words == [
        *("mwaactl", "deploy", "-e", "local", "--plan", str(kept)),
        *("--worker-replacement", "forced", "--zero-window"),
    ]
    assert after(changed, *words[1:]).code == 0


def _without_delete(plan: dict[str, Any]) -> None:
    plan["actions"] = plan["actions"][1:]


def _other_content(plan: dict[str, Any]) -> None:
    plan["actions"][0]["sha256"] = "0" * 64


def _more(plan: dict[str, Any]) -> None:
    plan["actions"].append({"action": "delete", "subject": "dags/flights.py"})


def _reversed(plan: dict[str, Any]) -> None:
    plan["actions"].reverse()


def _prod(plan: dict[str, Any]) -> None:
    plan["environment"] = "prod"


def _account(plan: dict[str, Any]) -> None:
    plan["account"] = "999999999999"


def _digest(plan: dict[str, Any]) -> None:
    plan["digest"] = "0" * 64


def _nothing(plan: dict[str, Any]) -> None:
    plan["actions"] = []


# mwaactl deploy --plan FILE
@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        (_without_delete, "`upload dags/tables.py` is not as it was"),
        (_other_content, "`upload dags/tables.py` is not as it was"),
        (_more, "`delete dags/flights.py` is not as it was"),
        (_reversed, "its actions stand in another order"),
        (_prod, "it is for environment `prod`, and this is `local`"),
        (_account, "it is for account `999999999999`, and this is `123456789012`"),
        (_digest, "the project's files are not those that it was made from"),
        (_nothing, "`upload dags/tables.py` is not as it was"),
    ],
)
def test_a_plan_that_somebody_changed_is_not_carried_out(
    changed: CommandLine, tmp_path: Path, tamper: Callable[[dict[str, Any]], None], why: str
) -> None:
    kept, written = tmp_path / "plan.json", list(changed.aws.bucket.writes)
    after(changed, "plan", "--out", str(kept))
    plan = json.loads(kept.read_text(encoding="utf-8"))
    tamper(plan)
    kept.write_text(json.dumps(plan), encoding="utf-8")

    result = after(changed, "deploy", "--plan", str(kept))

    assert result.code == 1
    assert result.stderr.startswith(f"error: the plan in `{kept}` no longer holds: {why}\n")
    assert changed.aws.bucket.writes == written


# mwaactl deploy --plan FILE
def test_a_reason_in_other_words_is_no_other_plan(changed: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "plan.json"
    after(changed, "plan", "--out", str(kept))
    plan = json.loads(kept.read_text(encoding="utf-8"))
    for action in plan["actions"]:
        action["reason"] = "as an earlier version said it"
    kept.write_text(json.dumps(plan), encoding="utf-8")

    assert after(changed, "deploy", "--plan", str(kept)).code == 0


# mwaactl deploy --plan FILE
@pytest.mark.parametrize("content", ["[" * 100_000, '{"format": 1, "options": 3}', "\ud800"])
def test_what_is_no_plan_is_refused_in_a_sentence(changed: CommandLine, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "plan.json"
    kept.write_text(content, encoding="utf-8", errors="surrogatepass")

    result = after(changed, "deploy", "--plan", str(kept), "--json")

    assert result.code == 1
    assert json.loads(result.stdout)["code"] == "plan.unreadable"


# mwaactl plan --out FILE
def test_a_plan_that_cannot_be_kept_leaves_nothing_half_written(changed: CommandLine, tmp_path: Path) -> None:
    result = after(changed, "plan", "--out", str(tmp_path / "absent" / "plan.json"))

    assert result.code == 1
    assert "cannot be kept in" in result.stderr
    assert not (tmp_path / "absent").exists()


# mwaactl plan --out LINK
def test_a_link_stays_one_and_leads_to_the_plan(changed: CommandLine, tmp_path: Path) -> None:
    target, link = tmp_path / "plans" / "today.json", tmp_path / "plan.json"
    target.parent.mkdir()
    link.symlink_to(target)

    assert after(changed, "plan", "--out", str(link)).code == 0

    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["environment"] == "local"
    assert after(changed, "deploy", "--plan", str(link)).code == 0


# mwaactl plan --out PIPE, as a device is one too
def test_what_is_no_file_keeps_its_kind(changed: CommandLine, tmp_path: Path) -> None:
    pipe, came = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: came.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()

    assert after(changed, "plan", "--out", str(pipe)).code == 0

    reader.join(timeout=10)
    assert pipe.is_fifo()
    assert json.loads(came[0])["environment"] == "local"


# mwaactl plan --out FILE
def test_a_name_may_be_as_long_as_names_can_be(changed: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / ("p" * 250 + ".json")

    assert after(changed, "plan", "--out", str(kept)).code == 0
    assert list(tmp_path.glob("*.json")) == [kept]


# mwaactl plan --out FILE
@pytest.mark.parametrize("content", ["DAG('flights')\n", "{}", "[1]", "\ud800"])
def test_a_file_that_holds_something_else_is_not_written_over(
    changed: CommandLine, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "flights.py"
    file.write_text(content, encoding="utf-8", errors="surrogatepass")

    result = after(changed, "plan", "--out", str(file))

    assert result.code == 1
    assert result.stderr.startswith(
        f"error: the plan cannot be kept in `{file}`: the file holds something else\n"
    )
    assert file.read_text(encoding="utf-8", errors="surrogatepass") == content


# mwaactl plan --out FILE
def test_an_empty_file_and_an_earlier_plan_are_written_over(changed: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "plan.json"
    kept.touch()
    assert after(changed, "plan", "--out", str(kept)).code == 0
    changed.write("dags/tables.py", "TABLES = (2,)\n")

    assert after(changed, "plan", "--out", str(kept)).code == 0

    assert after(changed, "deploy", "--plan", str(kept)).code == 0
