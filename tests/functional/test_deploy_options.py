from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.command_line import CommandLine, Result


def block(text: str) -> str:
    return dedent(text).removeprefix("\n")


def after(mwaactl: CommandLine, *arguments: str) -> Result:
    mwaactl.aws.clock.sleep(10)
    return mwaactl(*arguments)


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    """The small project, deployed."""
    assert mwaactl("deploy").code == 0
    return mwaactl


# mwaactl plan --out FILE; mwaactl deploy --plan FILE
def test_a_kept_plan_is_carried_out(deployed: CommandLine, tmp_path: Path) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    kept = tmp_path / "plan.json"

    planned = after(deployed, "plan", "--out", str(kept))
    result = after(deployed, "deploy", "--plan", str(kept))

    assert planned.stderr == f"the plan is kept: carry it out with `mwaactl deploy --plan {kept}`\n"
    assert result.code == 0
    assert deployed.aws.bucket.contents["dags/tables.py"] == b"TABLES = (1,)\n"


# mwaactl plan --out FILE; mwaactl deploy --plan FILE
@pytest.mark.parametrize(
    ("move", "why"),
    [
        ("release", "was deployed since"),
        ("file", "the project's files are not those that it was made from"),
        ("object", "`upload dags/tables.py` is not as it was"),
    ],
)
def test_a_kept_plan_is_refused_once_something_has_moved(
    deployed: CommandLine, tmp_path: Path, move: str, why: str
) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    kept = tmp_path / "plan.json"
    after(deployed, "plan", "--out", str(kept))
    if move == "release":
        after(deployed, "deploy")
    elif move == "file":
        deployed.write("dags/tables.py", "TABLES = (2,)\n")
    else:
        deployed.aws.bucket.put("dags/tables.py", b"behind our back")
    written = list(deployed.aws.bucket.writes)

    result = after(deployed, "deploy", "--plan", str(kept))

    assert result.code == 1
    assert f"error: the plan in `{kept}` no longer holds: " in result.stderr
    assert why in result.stderr
    assert deployed.aws.bucket.writes == written


# mwaactl deploy --plan FILE
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', "\x00", '{"format": 1, "actions": 3}'])
def test_a_file_that_is_no_plan_is_refused(deployed: CommandLine, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "plan.json"
    kept.write_text(content, encoding="utf-8")

    result = after(deployed, "deploy", "--plan", str(kept))

    assert result.code == 1
    assert result.stderr == block(f"""
        error: `{kept}` is not a plan of `mwaactl plan --out`

        hint: plan again with `--out`
    """)


# mwaactl deploy --plan FILE
def test_a_plan_that_is_not_there_is_named(deployed: CommandLine, tmp_path: Path) -> None:
    result = after(deployed, "deploy", "--plan", str(tmp_path / "plan.json"))

    assert result.code == 1
    assert result.stderr.startswith(f"error: there is no plan `{tmp_path / 'plan.json'}`\n")


# mwaactl deploy --plan FILE
@pytest.mark.parametrize(("content", "code"), [(None, "plan.absent"), ("no plan", "plan.unreadable")])
def test_what_is_no_plan_is_told_before_the_project_is_looked_at(
    deployed: CommandLine, tmp_path: Path, content: str | None, code: str
) -> None:
    deployed.write("dags/flights.py", "def f(:\n")
    kept = tmp_path / "plan.json"
    if content is not None:
        kept.write_text(content, encoding="utf-8")

    result = after(deployed, "deploy", "--plan", str(kept), "--json")

    assert json.loads(result.stdout)["code"] == code


# mwaactl plan --out ""
def test_a_plan_without_a_file_to_keep_it_in_is_told(
    deployed: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deployed.root)
    present = sorted(deployed.root.iterdir())

    result = after(deployed, "plan", "--out", "", "--json")

    assert result.code == 1
    assert json.loads(result.stdout)["code"] == "plan.unwritable"
    assert sorted(deployed.root.iterdir()) == present


# mwaactl deploy --timeout MINUTES; mwaactl check --parse-budget SECONDS
@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf", "1e300", "soon"])
def test_what_is_no_time_to_wait_is_a_usage_error(deployed: CommandLine, number: str) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    written = list(deployed.aws.bucket.writes)

    results = (
        after(deployed, "deploy", "--timeout", number),
        after(deployed, "check", "--parse-budget", number),
    )

    assert [each.code for each in results] == [2, 2]
    assert deployed.aws.bucket.writes == written


# mwaactl deploy
def test_an_empty_dags_folder_needs_a_flag(deployed: CommandLine) -> None:
    for file in (deployed.root / "dags").iterdir():
        file.unlink()
    written = list(deployed.aws.bucket.writes)

    refused = after(deployed, "deploy")

    assert refused.code == 1
    assert refused.stderr == block("""
        error: `dags/` is empty

        hint: nothing was written; if that is meant, run the command again with `--allow-empty`
    """)
    assert deployed.aws.bucket.writes == written
    emptied = after(deployed, "deploy", "--allow-empty")
    assert emptied.code == 0
    assert "parsing" not in emptied.stderr + emptied.stdout
    assert not [key for key in deployed.aws.bucket.objects if key.startswith("dags/")]


# mwaactl deploy
def test_deleting_more_than_a_fifth_of_the_dags_needs_a_flag(deployed: CommandLine) -> None:
    for number in range(8):
        deployed.write(f"dags/dag_{number}.py", f"from airflow.sdk import DAG\nDAG('{number}')\n")
    assert after(deployed, "deploy").code == 0
    for number in range(2):
        (deployed.root / f"dags/dag_{number}.py").unlink()

    refused = after(deployed, "deploy")

    assert refused.code == 1
    assert refused.stderr.startswith("error: the release deletes 2 of 9 DAG files\n")
    assert "`--allow-deletes`" in refused.stderr
    assert after(deployed, "deploy", "--allow-deletes").code == 0


# mwaactl deploy
def test_deleting_a_fifth_of_the_dags_needs_none(deployed: CommandLine) -> None:
    for number in range(4):
        deployed.write(f"dags/dag_{number}.py", f"from airflow.sdk import DAG\nDAG('{number}')\n")
    assert after(deployed, "deploy").code == 0
    (deployed.root / "dags/dag_0.py").unlink()

    assert after(deployed, "deploy").code == 0


# mwaactl plan
def test_what_someone_else_put_there_is_listed_and_left_alone(deployed: CommandLine) -> None:
    deployed.aws.bucket.put("dags/stranger.csv", b"1")

    planned = after(deployed, "plan")

    assert (
        planned.stdout
        == "local: nothing to do\nnote:  not of any release, and left alone: dags/stranger.csv\n"
    )
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    after(deployed, "deploy")
    assert deployed.aws.bucket.contents["dags/stranger.csv"] == b"1"


# mwaactl plan; mwaactl deploy
def test_what_was_changed_behind_our_back_is_brought_back(deployed: CommandLine) -> None:
    deployed.aws.bucket.put("dags/tables.py", b"behind our back")

    planned, result = after(deployed, "plan"), after(deployed, "deploy")

    assert "  upload dags/tables.py         the bucket's copy was changed by someone else\n" in planned.stdout
    assert result.code == 0
    assert deployed.aws.bucket.contents["dags/tables.py"] == b"TABLES = ()\n"


# mwaactl plan; mwaactl deploy
def test_an_environment_changed_past_its_stack_gets_its_artifacts_back(deployed: CommandLine) -> None:
    environments = deployed.aws.environments
    assert environments.environment is not None
    present = dict(deployed.aws.stacks.stacks["flights-local-environment"].parameters)
    clicked = {**present, "RequirementsVersion": "clicked-in-the-console"}
    environments.environment = replace(environments.environment, artifacts=clicked)

    planned, result = after(deployed, "plan"), after(deployed, "deploy")

    assert (
        "  update environment flights-local      its stack names another version of requirements\n"
        in planned.stdout
    )
    assert result.code == 0
    assert environments.given == [{"RequirementsVersion": present["RequirementsVersion"]}]
    assert after(deployed, "plan").stdout == "local: nothing to do\n"


# mwaactl plan --json
def test_a_plan_tells_its_totals_and_what_it_costs_in_time(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    deployed.write("dags/more.py", "from airflow.sdk import DAG\nDAG('more')\n")

    told = json.loads(after(deployed, "plan", "--json").stdout)

    assert told["totals"] == {"create": 1, "change": 1, "delete": 0}
    assert told["effect"] == "dags"
    assert told["duration"] == "DAGs only: visible in about 30 s"


# mwaactl deploy --rollback-on-failure
def test_a_failure_brings_the_current_release_back(deployed: CommandLine) -> None:
    before = dict(deployed.aws.bucket.contents)
    deployed.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\nbroken\n")
    deployed.write("dags/new.py", "from airflow.sdk import DAG\nDAG('new')\n")

    result = after(deployed, "deploy", "--rollback-on-failure")

    present = deployed.aws.bucket.contents
    assert result.code == 1
    current = json.loads(present["releases/current.json"])
    assert "error: Airflow cannot import `dags/flights.py:3`" in result.stderr
    assert f"; release {current['restores']} is back\n" in result.stderr
    assert result.stderr.endswith("\nhint: mend the file and deploy again\n")
    assert {key: value for key, value in present.items() if key.startswith("dags/")} == {
        key: value for key, value in before.items() if key.startswith("dags/")
    }
    assert current["restores"] == json.loads(before["releases/current.json"])["id"]
    assert "releases/lock.json" not in present


# mwaactl deploy --rollback-on-failure
def test_a_failure_with_nothing_to_bring_back_tells_what_holds_meanwhile(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\nbroken\n")

    result = mwaactl("deploy", "--rollback-on-failure")

    assert result.code == 1
    assert "; there is no earlier release to go back to\n" in result.stderr
    assert "; until then this file's DAGs stay as they were or are missing\n" in result.stderr


# mwaactl deploy --worker-replacement graceful
def test_workers_are_replaced_gracefully_after_one_forced_update(deployed: CommandLine) -> None:
    stacks, environments = deployed.aws.stacks, deployed.aws.environments
    name = "flights-local-environment"
    known = {**stacks.stacks[name].parameters, "WorkerReplacementStrategy": ""}
    stacks.stacks[name] = replace(stacks.stacks[name], parameters=known)
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")

    refused = after(deployed, "deploy", "--worker-replacement", "graceful")
    assert environments.environment is not None
    environments.environment = replace(environments.environment, replacement="FORCED")
    result = after(deployed, "deploy", "--worker-replacement", "graceful")

    assert refused.code == 1
    assert "MWAA replaces workers gracefully only after one forced update" in refused.stderr
    assert result.code == 0
    assert stacks.updates[-1][1]["WorkerReplacementStrategy"] == "GRACEFUL"


# mwaactl deploy --worker-replacement graceful
@pytest.mark.parametrize(
    ("replacement", "hours", "code"),
    [("GRACEFUL", 12, 0), ("GRACEFUL", 15, 1), ("FORCED", 2, 0), ("FORCED", 3, 1)],
)
def test_an_update_that_lets_tasks_end_is_waited_for_as_long_as_they_may_take(
    deployed: CommandLine, replacement: str, hours: int, code: int
) -> None:
    stacks, environments = deployed.aws.stacks, deployed.aws.environments
    name = "flights-local-environment"
    known = {**stacks.stacks[name].parameters, "WorkerReplacementStrategy": ""}
    stacks.stacks[name] = replace(stacks.stacks[name], parameters=known)
    assert environments.environment is not None
    environments.environment = replace(environments.environment, replacement=replacement)
    environments.next_statuses = ["AVAILABLE", *(["UPDATING"] * (hours * 3600 // 20))]
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")

    result = after(deployed, "deploy", "--worker-replacement", replacement.lower())

    noted = "note:  the update waits for running tasks to end, and the deployment for it: 12 hours at most\n"
    assert (result.code, noted in result.stderr) == (code, replacement == "GRACEFUL")
    assert ("is still UPDATING after " in result.stderr) == bool(code)


# mwaactl rollback --worker-replacement graceful
def test_a_rollback_says_how_workers_are_replaced_too(deployed: CommandLine) -> None:
    stacks, environments = deployed.aws.stacks, deployed.aws.environments
    name = "flights-local-environment"
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")
    assert after(deployed, "deploy").code == 0
    known = {**stacks.stacks[name].parameters, "WorkerReplacementStrategy": ""}
    stacks.stacks[name] = replace(stacks.stacks[name], parameters=known)

    refused = after(deployed, "rollback", "--worker-replacement", "graceful")
    assert environments.environment is not None
    environments.environment = replace(environments.environment, replacement="FORCED")
    result = after(deployed, "rollback", "--worker-replacement", "graceful")

    assert refused.code == 1
    assert "MWAA replaces workers gracefully only after one forced update" in refused.stderr
    assert result.code == 0
    assert stacks.updates[-1][1]["WorkerReplacementStrategy"] == "GRACEFUL"


# mwaactl deploy --worker-replacement graceful
def test_artifacts_are_brought_back_with_workers_replaced_as_asked(deployed: CommandLine) -> None:
    environments = deployed.aws.environments
    assert environments.environment is not None
    present = dict(deployed.aws.stacks.stacks["flights-local-environment"].parameters)
    clicked = {**present, "RequirementsVersion": "clicked-in-the-console"}
    environments.environment = replace(environments.environment, artifacts=clicked)

    refused = after(deployed, "deploy", "--worker-replacement", "graceful")
    environments.environment = replace(environments.environment, replacement="FORCED")
    result = after(deployed, "deploy", "--worker-replacement", "graceful")

    assert "MWAA replaces workers gracefully only after one forced update" in refused.stderr
    assert (refused.code, result.code) == (1, 0)
    assert environments.given == [
        {"RequirementsVersion": present["RequirementsVersion"], "WorkerReplacementStrategy": "GRACEFUL"}
    ]


# mwaactl deploy --worker-replacement forced
def test_a_stack_of_an_older_template_cannot_say_how_workers_are_replaced(deployed: CommandLine) -> None:
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")

    result = after(deployed, "deploy", "--worker-replacement", "forced")

    assert result.code == 1
    assert result.stderr == block("""
        error: stack `flights-local-environment` has no parameter `WorkerReplacementStrategy`

        hint: run `npx cdk deploy flights-local-environment` once, which gives it the present template
    """)


# mwaactl deploy
def test_dropping_what_only_a_failed_deployment_wrote_needs_no_flag(deployed: CommandLine) -> None:
    deployed.write("dags/typo.py", "from airflow.sdk import DAG\nDAG('typo')\nbroken\n")
    assert after(deployed, "deploy").code == 1
    (deployed.root / "dags/typo.py").unlink()

    assert after(deployed, "deploy").code == 0
    assert "dags/typo.py" not in deployed.aws.bucket.objects


# mwaactl deploy
def test_what_a_dead_deployment_had_begun_is_waited_for(deployed: CommandLine) -> None:
    stacks, name = deployed.aws.stacks.stacks, "flights-local-environment"
    stacks[name] = replace(stacks[name], status="UPDATE_IN_PROGRESS")
    settled = replace(stacks[name], status="UPDATE_COMPLETE")
    deployed.aws.clock.repeat(40, lambda: stacks.update({name: settled}))
    deployed.write("dags/tables.py", "TABLES = (1,)\n")

    result = deployed("deploy")

    assert result.code == 0
    assert result.stderr.startswith(
        "stack flights-local-environment is UPDATE_IN_PROGRESS: waiting until it is done\n"
    )


# mwaactl deploy
def test_a_stack_that_is_being_deleted_is_not_waited_for(deployed: CommandLine) -> None:
    stacks, name = deployed.aws.stacks.stacks, "flights-local-environment"
    stacks[name] = replace(stacks[name], status="DELETE_IN_PROGRESS")

    result = deployed("deploy")

    assert result.code == 1
    assert result.stderr.startswith("error: stack `flights-local-environment` is DELETE_IN_PROGRESS\n")


# mwaactl deploy
def test_a_bucket_without_versions_is_refused_before_any_dag_file_is_written(deployed: CommandLine) -> None:
    deployed.aws.bucket.versioned = False
    deployed.write("dags/tables.py", "TABLES = (1,)\n")

    result = after(deployed, "deploy")

    assert result.code == 1
    assert "gave `releases/" in result.stderr
    assert "hint: switch versioning on" in result.stderr
    assert deployed.aws.bucket.contents["dags/tables.py"] == b"TABLES = ()\n"


# mwaactl plan
def test_an_environment_of_another_version_is_noted(deployed: CommandLine) -> None:
    environments = deployed.aws.environments
    assert environments.environment is not None
    environments.environment = replace(environments.environment, airflow_version="3.2.1")

    assert after(deployed, "plan").stdout == (
        "local: nothing to do\n"
        "note:  the environment runs Airflow 3.2.1 and this is for 3.3.1: "
        "`npx cdk deploy flights-local-environment` changes the version\n"
    )


# mwaactl deploy; mwaactl rollback
def test_what_a_plan_notes_is_told_by_those_who_carry_one_out(deployed: CommandLine) -> None:
    first = json.loads(deployed("release", "list", "--json").stdout)["current"]
    environments = deployed.aws.environments
    assert environments.environment is not None
    environments.environment = replace(environments.environment, airflow_version="3.2.1")
    deployed.write("dags/tables.py", "TABLES = (2,)\n")
    noted = "note:  the environment runs Airflow 3.2.1 and this is for 3.3.1: {0}\n"

    done, back = after(deployed, "deploy", "-e", "local"), after(deployed, "rollback", first)

    assert (done.code, back.code) == (0, 0)
    told = "`npx cdk deploy flights-local-environment -c environment=local` changes the version"
    assert done.stderr.startswith(noted.format(told))
    assert back.stderr.startswith(noted.format("a rollback leaves the version as it is"))


# mwaactl plan; mwaactl deploy
def test_a_change_that_is_not_additive_names_the_window(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "ROWS = ()\n")
    deployed.write(
        "dags/flights.py", "from tables import ROWS\nfrom airflow.sdk import DAG\nDAG('flights')\n"
    )
    assert after(deployed, "deploy").code == 0
    deployed.write("dags/tables.py", "LINES = ()\n")
    deployed.write(
        "dags/flights.py", "from tables import LINES\nfrom airflow.sdk import DAG\nDAG('flights')\n"
    )

    planned, result = after(deployed, "plan"), after(deployed, "deploy")

    said = "not additive: between write 1 and write 2 of 2 a parse may fail\n"
    hazard = "  `dags/flights.py` takes `ROWS` from `dags/tables.py`, which no longer has it\n"
    assert said + hazard in planned.stdout
    assert result.stderr.startswith(said + hazard)


# mwaactl rollback
def test_a_rollback_names_the_window_too(deployed: CommandLine) -> None:
    for name in ("ROWS", "LINES"):
        deployed.write("dags/tables.py", f"{name} = ()\n")
        text = f"from tables import {name}\nfrom airflow.sdk import DAG\nDAG('flights')\n"
        deployed.write("dags/flights.py", text)
        assert after(deployed, "deploy").code == 0

    planned, as_json = (
        after(deployed, "rollback", "--dry-run"),
        after(deployed, "rollback", "--dry-run", "--json"),
    )
    result = after(deployed, "rollback")

    said = (
        "not additive: between write 1 and write 2 of 2 a parse may fail\n"
        "  `dags/flights.py` takes `LINES` from `dags/tables.py`, which no longer has it\n"
    )
    assert said in planned.stdout
    assert "--zero-window" not in planned.stdout
    assert json.loads(as_json.stdout)["window"]["first"] == 1
    assert result.code == 0
    assert result.stderr.startswith(said)


# mwaactl plan --json
def test_an_additive_change_has_no_window(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "TABLES = ()\nROWS = ()\n")
    deployed.write("dags/new.py", "from tables import ROWS\nfrom airflow.sdk import DAG\nDAG('new')\n")

    window = json.loads(after(deployed, "plan", "--json").stdout)["window"]

    assert (window["additive"], window["hazards"], window["writes"]) == (True, [], 2)


# mwaactl deploy --zero-window
def test_the_dags_become_one_archive_that_changes_in_one_write(deployed: CommandLine) -> None:
    switched = after(deployed, "deploy", "--zero-window")
    assert "await  parsing of 1 DAG file " in switched.stderr
    deployed.write("dags/tables.py", "ROWS = ()\n")
    deployed.write(
        "dags/flights.py", "from tables import ROWS\nfrom airflow.sdk import DAG\nDAG('flights')\n"
    )
    written = len(deployed.aws.bucket.writes)

    changed = after(deployed, "deploy", "--zero-window")

    assert (switched.code, changed.code) == (0, 0), switched.stderr + changed.stderr
    assert [each for each in deployed.aws.bucket.objects if each.startswith("dags/")] == ["dags/flights.zip"]
    assert [each for each in deployed.aws.bucket.writes[written:] if "dags/" in each] == [
        "put dags/flights.zip"
    ]
    assert after(deployed, "plan", "--zero-window").stdout == "local: nothing to do\n"


# mwaactl deploy
def test_an_import_error_in_an_archive_is_told_with_the_file_within(deployed: CommandLine) -> None:
    with zipfile.ZipFile(deployed.root / "dags" / "jobs.zip", "w") as archive:
        archive.writestr("nightly.py", "from airflow.sdk import DAG\nbroken\nDAG('nightly')\n")

    refused = after(deployed, "deploy")

    assert refused.code == 1
    said = "Airflow cannot import `dags/jobs.zip/nightly.py:2`: NameError: name 'broken' is not defined"
    assert f"error: {said}\n" in refused.stderr


# mwaactl deploy --zero-window
def test_a_module_of_the_archive_that_cannot_be_imported_is_told(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "ROWS = ()\nbroken\n")

    refused = after(deployed, "deploy", "--zero-window")

    assert refused.code == 1
    assert "error: Airflow cannot import `dags/flights.zip/tables.py:2`: NameError" in refused.stderr


# mwaactl rollback
def test_archives_are_rolled_back_to_as_files_are(deployed: CommandLine) -> None:
    assert after(deployed, "deploy", "--zero-window").code == 0
    archive = deployed.aws.bucket.contents["dags/flights.zip"]
    deployed.write("dags/tables.py", "ROWS = ()\n")
    assert after(deployed, "deploy", "--zero-window").code == 0

    first = after(deployed, "rollback")
    assert first.code == 0, first.stderr
    assert deployed.aws.bucket.contents["dags/flights.zip"] == archive
    released = json.loads(deployed("release", "list", "--json").stdout)["releases"]
    assert after(deployed, "rollback", released[-1]["id"]).code == 0
    assert sorted(each for each in deployed.aws.bucket.objects if each.startswith("dags/")) == [
        "dags/flights.py",
        "dags/tables.py",
    ]


# mwaactl rollback --dry-run
def test_a_rollback_that_leaves_the_archive_names_no_option_that_it_lacks(deployed: CommandLine) -> None:
    assert after(deployed, "deploy", "--zero-window").code == 0

    planned = after(deployed, "rollback", "--dry-run")

    assert planned.stdout.endswith("note:  the current release is one archive and this one is files\n")


# mwaactl plan
def test_leaving_the_archive_is_noted(deployed: CommandLine) -> None:
    assert after(deployed, "deploy", "--zero-window").code == 0

    planned = after(deployed, "plan")

    assert "`--zero-window` keeps the archive" in planned.stdout
    assert after(deployed, "deploy").code == 0


# mwaactl deploy --zero-window
def test_what_would_not_work_in_an_archive_is_refused(deployed: CommandLine) -> None:
    deployed.write("dags/team/hidden.py", "from airflow.sdk import DAG\nDAG('hidden')\n")
    written = list(deployed.aws.bucket.writes)

    result = after(deployed, "deploy", "--zero-window")

    assert result.code == 1
    assert "error: `dags/team/hidden.py` defines a DAG in a folder" in result.stderr
    assert deployed.aws.bucket.writes == written


# mwaactl plan
@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("tables",), "1 warning: `mwaactl check` shows it\n"),
        (("flights", "tables"), "2 warnings: `mwaactl check` shows them\n"),
    ],
)
def test_a_plan_counts_warnings_and_does_not_repeat_them(
    deployed: CommandLine, files: tuple[str, ...], said: str
) -> None:
    for name in files:
        deployed.checks.ruff[f"dags/{name}.py"] = ("AIR002", 1, "no schedule")

    assert after(deployed, "plan").stderr == said
    assert "no schedule [AIR002]" in after(deployed, "check", "--static").stdout
    assert "no schedule [AIR002]" in after(deployed, "deploy").stderr


# mwaactl plan
def test_a_plan_shows_every_error_beside_the_count_of_warnings(deployed: CommandLine) -> None:
    deployed.checks.ruff["dags/tables.py"] = ("AIR002", 1, "no schedule")
    deployed.write("dags/flights.py", "def (\n")
    deployed.write("dags/more.py", "def (\n")

    planned = after(deployed, "plan")

    assert planned.code == 1
    first, second, *_ = planned.stderr.splitlines()
    assert first.startswith("dags/more.py:1: error: ")
    assert second == "1 warning: `mwaactl check` shows it"
    assert "error: `dags/flights.py:1` " in planned.stderr


# mwaactl deploy --no-wait --rollback-on-failure
def test_who_does_not_wait_cannot_go_back_on_a_failure(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    written = list(deployed.aws.bucket.writes)

    result = after(deployed, "deploy", "--no-wait", "--rollback-on-failure")

    assert result.code == 2
    assert "`--rollback-on-failure` has to wait" in result.stderr
    assert deployed.aws.bucket.writes == written


# mwaactl plan
def test_an_artifact_that_comes_back_is_not_said_to_be_a_strangers(deployed: CommandLine) -> None:
    (deployed.root / "requirements" / "requirements.txt").unlink()
    assert after(deployed, "deploy").code == 0
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")

    planned = json.loads(after(deployed, "plan", "--json").stdout)["actions"][0]

    assert (planned["subject"], planned["reason"]) == (
        "artifacts/requirements.txt",
        "the current release has none",
    )


# mwaactl rollback current --dry-run
def test_what_an_unfinished_release_wrote_is_not_said_to_be_a_strangers(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    assert after(deployed, "deploy", "--no-wait").code == 0
    unfinished = json.loads(deployed("release", "list", "--json").stdout)["releases"][0]["id"]

    planned = json.loads(after(deployed, "rollback", "current", "--dry-run", "--json").stdout)["actions"][0]
    deployed.aws.bucket.put("dags/tables.py", b"TABLES = (2,)\n")
    deployed.aws.bucket.delete(f"releases/{unfinished}.json")
    clicked = json.loads(after(deployed, "rollback", "current", "--dry-run", "--json").stdout)["actions"][0]

    assert planned["reason"] == f"release {unfinished}, which was not finished, wrote another"
    assert clicked["reason"] == "the bucket's copy was changed by someone else"
