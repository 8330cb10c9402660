from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from textwrap import dedent
from threading import Event
from threading import enumerate as enumerate_threads
from typing import TYPE_CHECKING, override

from mwaactl.cli.sides import KEEPING
from mwaactl.project.known_files import FEWEST, SETTLED
from tests.fakes.in_memory_aws import FixedIdentity

if TYPE_CHECKING:
    from mwaactl.aws.sts import Caller
    from tests.fakes.command_line import CommandLine


def block(text: str) -> str:
    return dedent(text).removeprefix("\n")


# mwaactl plan
def test_plan_shows_every_action_with_its_reason(mwaactl: CommandLine) -> None:
    result = mwaactl("plan")

    assert (result.code, result.stderr) == (0, "")
    assert result.stdout == block("""
        local: 13 actions
          create stack flights-local-storage        the stack does not exist
          create stack flights-local-network        the stack does not exist
          create stack flights-local-warehouse      the stack does not exist
          create stack flights-local-functions      the stack does not exist
          upload artifacts/requirements.txt         it is new
          upload dags/tables.py                     it is new
          upload dags/flights.py                    it is new
          create stack flights-local-environment    the stack does not exist
          create stack flights-local-observability  it watches the new environment
          await  environment flights-local          the environment is being created
          verify requirements of flights-local      MWAA only logs a failure of pip
          await  parsing of 1 DAG file              a release counts only when Airflow has parsed it
          record release                            it is the first release
        files: 3 to create, 0 to change, 0 to delete, 81 bytes
        time:  environment creation: 20 to 40 min
        cost:  406.10 USD a month when idle, 2,646.82 when full at prices of us-west-2; see `mwaactl cost`
    """)
    assert mwaactl.aws.bucket.writes == []


# mwaactl deploy
def test_deploy_tells_each_step_and_ends_with_the_release(mwaactl: CommandLine) -> None:
    result = mwaactl("deploy")

    assert result.code == 0
    release = json.loads(mwaactl.aws.bucket.contents["releases/current.json"])
    assert result.stdout == f"local: release {release['id']} is deployed, 3 files\n"
    assert _without_seconds(result.stderr) == block("""
        trying requirements.txt out
          stack flights-local-storage: deploying
          stack flights-local-network: deploying
          stack flights-local-warehouse: deploying
          stack flights-local-functions: deploying
        create stack flights-local-storage
        create stack flights-local-network
        create stack flights-local-warehouse
        create stack flights-local-functions
        upload artifacts/requirements.txt
        upload dags/tables.py
        upload dags/flights.py
          stack flights-local-environment: deploying
          stack flights-local-observability: deploying
        create stack flights-local-environment
        create stack flights-local-observability
          environment flights-local is AVAILABLE
        await  environment flights-local
        verify requirements of flights-local
        await  parsing of 1 DAG file
        record release
    """)


# mwaactl deploy; mwaactl plan
def test_in_a_large_tree_what_was_kept_hides_no_edit(mwaactl: CommandLine) -> None:
    for number in range(FEWEST):
        mwaactl.write(f"dags/sql/statement_{number}.sql", f"select {number:04};\n")
    time.sleep(SETTLED / 1e9)  # of younger files nothing is kept
    mwaactl("deploy")
    _await_keeping()
    kept = mwaactl.root / ".mwaactl" / "checks" / "files.sqlite"
    with closing(sqlite3.connect(kept)) as rows:
        (files,) = rows.execute("select files from folders where name = 'sql/'").fetchone()
    assert len(json.loads(files)) == FEWEST

    edited = mwaactl.root / "dags" / "sql" / "statement_7.sql"
    before = edited.stat()
    edited.write_text("select 4711;\n")
    os.utime(edited, ns=(before.st_atime_ns, before.st_mtime_ns))

    result = mwaactl("plan")
    _await_keeping()
    assert "files: 0 to create, 1 to change, 0 to delete" in result.stdout
    assert f"upload dags/sql/{edited.name}  its content changed" in result.stdout


def _await_keeping() -> None:
    for thread in enumerate_threads():
        if thread.name == KEEPING:
            thread.join()


# mwaactl deploy; mwaactl plan; mwaactl deploy
def test_after_a_deployment_nothing_is_to_be_done(mwaactl: CommandLine) -> None:
    mwaactl("deploy")
    before = list(mwaactl.aws.bucket.writes)

    planned, checked, again = mwaactl("plan"), mwaactl("plan", "--check"), mwaactl("deploy")

    assert planned.stdout == again.stdout == "local: nothing to do\n"
    assert (planned.code, checked.code, again.code) == (0, 0, 0)
    assert again.stderr == ""
    assert mwaactl.aws.bucket.writes == before


# mwaactl plan --check
def test_plan_check_exits_3_when_there_are_changes(mwaactl: CommandLine) -> None:
    assert mwaactl("plan", "--check").code == 3


# mwaactl plan --json
def test_plan_as_json_names_changes_and_actions(mwaactl: CommandLine) -> None:
    mwaactl("deploy")
    mwaactl.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\n")

    plan = json.loads(mwaactl("plan", "--json").stdout)

    assert plan["environment"] == "local"
    assert plan["changes"] is True
    assert [(each["action"], each["subject"]) for each in plan["actions"]] == [
        ("upload", "dags/flights.py"),
        ("await", "parsing of 1 DAG file"),
        ("record", "release"),
    ]
    assert plan["actions"][0]["reason"] == "its content changed"


# mwaactl deploy --json
def test_deploy_as_json_names_the_release(mwaactl: CommandLine) -> None:
    outcome = json.loads(mwaactl("deploy", "--json").stdout)

    assert outcome["verified"] is True
    assert outcome["release"]["who"] == "arn:aws:iam::123456789012:user/dora"


# mwaactl deploy
def test_a_typo_in_a_dag_is_shown_with_file_line_and_error(mwaactl: CommandLine) -> None:
    mwaactl("deploy")
    mwaactl.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\nbroken\n")

    result = mwaactl("deploy")

    assert result.code == 1
    assert result.stdout == ""
    assert result.stderr.endswith(
        block("""
            error: Airflow cannot import `dags/flights.py:3`: NameError: name 'broken' is not defined

            hint: mend the file and deploy again; until then this file's DAGs stay as they were or are missing
        """)
    )


# mwaactl deploy --json
def test_a_failure_as_json_carries_the_facts(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\nbroken\n")

    result = mwaactl("deploy", "--json")

    failure = json.loads(result.stdout)
    assert result.code == 1
    assert failure["code"] == "apply.import-error"
    assert (failure["context"]["file"], failure["context"]["line"]) == ("dags/flights.py", "3")


# mwaactl deploy
def test_a_requirement_that_does_not_exist_is_refused_before_any_write(
    mwaactl: CommandLine,
) -> None:
    mwaactl("deploy")
    before = list(mwaactl.aws.bucket.writes)
    mwaactl.write("requirements/requirements.txt", "cowsay==6.1\nno-such-package==1.0\n")

    result = mwaactl("deploy")

    assert result.code == 1
    assert result.stderr.startswith(
        block("""
            trying requirements.txt out
            error: `requirements/requirements.txt:2` `no-such-package==1.0` has no file
        """).rstrip()
    )
    assert result.stderr.endswith("nothing was written; mend it and run the command again\n")
    assert mwaactl.aws.bucket.writes == before
    assert mwaactl.aws.stacks.updates == []


class SilentIdentity(FixedIdentity):
    """STS that never answers."""

    @override
    def caller(self) -> Caller:
        Event().wait()
        raise AssertionError


# mwaactl deploy
def test_an_error_in_the_project_is_told_also_where_aws_does_not_answer(mwaactl: CommandLine) -> None:
    mwaactl.aws.identity = SilentIdentity()
    mwaactl.write("requirements/requirements.txt", "cowsay\n")

    result = mwaactl("deploy")

    assert result.code == 1
    assert "error: `requirements/requirements.txt:1` `cowsay` is not pinned" in result.stderr


# mwaactl deploy
def test_credentials_of_another_account_stop_before_any_write(mwaactl: CommandLine) -> None:
    mwaactl.aws.identity = FixedIdentity("999999999999")

    result = mwaactl("deploy")

    assert result.code == 1
    assert result.stderr == block("""
        error: `local` belongs to account 123456789012, and the credentials to account 999999999999

        hint: choose other credentials, for example with AWS_PROFILE, or another environment with `-e`
    """)
    assert mwaactl.aws.cdk.deployed == []


# mwaactl deploy --no-wait; mwaactl deploy
def test_no_wait_leaves_verification_to_the_next_deployment(mwaactl: CommandLine) -> None:
    mwaactl("deploy")
    mwaactl.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights', schedule=None)\n")

    first, second = mwaactl("deploy", "--no-wait"), mwaactl("deploy")

    assert (
        first.stdout == "local: written, not verified; run `mwaactl deploy` again to verify and record it\n"
    )
    assert second.stdout.startswith("local: release ")
    assert mwaactl("plan").stdout == "local: nothing to do\n"


# mwaactl deploy -e prod
def test_an_unknown_environment_is_an_error_with_the_nearest_name(mwaactl: CommandLine) -> None:
    result = mwaactl("deploy", "-e", "locl")

    assert result.code == 1
    assert result.stderr.startswith("error: there is no environment `locl`")
    assert "local" in result.stderr


def _without_seconds(text: str) -> str:
    return "\n".join(line.split(" (")[0] for line in text.splitlines()) + "\n"
