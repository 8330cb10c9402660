"""The workflow for GitHub Actions: nothing here runs it, but what it says can be held to what there is."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mwaactl.cli.main import cli
from tests.unit.docs.test_commands_exist import parse, words_of

ROOT = Path(__file__).parents[3]
WORKFLOW = ROOT / ".github" / "workflows" / "mwaactl.yml"
TEXT = WORKFLOW.read_text(encoding="utf-8")
# YAML 1.1 takes the key `on` for True.
LOADED: dict[Any, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = LOADED["jobs"]
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]
SCRIPTS = [step["run"] for _, step in STEPS if "run" in step]
COMMANDS = [
    match[1].replace('${RELEASE:+"$RELEASE"}', "RELEASE")
    for script in SCRIPTS
    for match in re.finditer(r"\.venv/bin/(mwaactl [^\n>|]*)", script)
]


@pytest.mark.parametrize("command", COMMANDS)
def test_command_exists_with_its_options(command: str) -> None:
    try:
        with suppress(click.exceptions.Exit):
            parse(cli, "mwaactl", words_of(command))
    except click.UsageError as error:
        pytest.fail(f"the workflow runs `{command}`: {error.format_message()}")


def test_it_checks_plans_deploys_and_rolls_back() -> None:
    assert [command.split()[1] for command in COMMANDS] == ["check", "plan", "deploy", "release", "rollback"]


def test_every_other_command_is_a_target_of_make() -> None:
    others = [script for script in SCRIPTS if "mwaactl" not in script]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {script.split()[0] for script in others} == {"make"}
    assert {script.split()[1] for script in others} <= set(targets)


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    lines = [line.strip() for line in TEXT.splitlines() if "uses:" in line]
    assert len(lines) == len([step for _, step in STEPS if "uses" in step])
    assert [
        line for line in lines if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)
    ] == []


def test_no_expression_stands_in_a_script() -> None:
    scripts = [*SCRIPTS, *(step["with"]["script"] for _, step in STEPS if "script" in step.get("with", {}))]
    assert [script for script in scripts if "${{" in script] == []


def test_every_job_has_the_rights_it_needs_and_no_more() -> None:
    assert LOADED["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "check": {"contents": "read", "security-events": "write"},
        "plan": {"contents": "read", "id-token": "write", "pull-requests": "write"},
        "deploy": {"contents": "read", "id-token": "write"},
        "rollback": {"contents": "read", "id-token": "write"},
    }


def test_only_jobs_that_may_ask_for_a_token_take_a_role() -> None:
    with_role = {name for name, step in STEPS if "role-to-assume" in step.get("with", {})}
    assert with_role == {name for name, job in JOBS.items() if "id-token" in job["permissions"]}


def test_no_code_of_a_fork_runs_beside_a_role() -> None:
    assert set(LOADED[True]) == {"pull_request", "push", "workflow_dispatch"}
    assert "pull_request.head.repo.full_name == github.repository" in JOBS["plan"]["if"]
    assert all(
        step["with"]["persist-credentials"] is False
        for _, step in STEPS
        if "checkout" in step.get("uses", "")
    )


def test_what_writes_runs_one_at_a_time_and_is_never_cut_off() -> None:
    groups = [JOBS[name]["concurrency"] for name in ("deploy", "rollback")]
    assert groups == [{"group": "mwaactl-environment", "cancel-in-progress": False}] * 2
    assert {JOBS[name]["environment"] for name in ("deploy", "rollback")} == {"mwaactl"}


def test_nothing_is_deployed_or_planned_that_was_not_checked() -> None:
    assert {name: job.get("needs") for name, job in JOBS.items()} == {
        "check": None,
        "plan": "check",
        "deploy": "check",
        "rollback": None,
    }
