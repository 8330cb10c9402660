from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from mwaactl.executor.lock.holder import Holder, Process, encode

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine, Result

FIRST, SECOND = "20261123T080001000Z-acea3d93", "20261123T080012000Z-1d9ee93d"


def block(text: str) -> str:
    return dedent(text).removeprefix("\n")


def tree(mwaactl: CommandLine) -> dict[str, bytes]:
    return {key: content for key, content in mwaactl.aws.bucket.contents.items() if key.startswith("dags/")}


def versions(mwaactl: CommandLine) -> dict[str, str]:
    return dict(mwaactl.aws.stacks.stacks["flights-local-environment"].parameters)


def after(mwaactl: CommandLine, *arguments: str, seconds: int = 10) -> Result:
    mwaactl.aws.clock.sleep(seconds)
    return mwaactl(*arguments)


def two_releases(mwaactl: CommandLine) -> list[str]:
    """Deploy twice, with other modules, DAGs and requirements; return both ids, the older first."""
    assert after(mwaactl, "deploy").code == 0
    mwaactl.write("dags/tables.py", "TABLES = (1,)\n")
    mwaactl.write("dags/second.py", "from airflow.sdk import DAG\nDAG('second')\n")
    mwaactl.write("requirements/requirements.txt", "cowsay==6.0\n")
    assert after(mwaactl, "deploy").code == 0
    found = json.loads(mwaactl("release", "list", "--json").stdout)["releases"]
    return [each["id"] for each in reversed(found)]


# mwaactl rollback
def test_a_rollback_restores_every_byte_and_the_artifacts_versions(mwaactl: CommandLine) -> None:
    assert after(mwaactl, "deploy").code == 0
    before, parameters = tree(mwaactl), versions(mwaactl)
    two_releases(mwaactl)
    mwaactl.aws.bucket.put("dags/stranger.csv", b"1\n")

    result = after(mwaactl, "rollback")

    assert result.code == 0
    assert tree(mwaactl) == {**before, "dags/stranger.csv": b"1\n"}
    assert versions(mwaactl) == parameters


# mwaactl rollback; mwaactl rollback
def test_rolling_back_twice_undoes_it(mwaactl: CommandLine) -> None:
    first, second = two_releases(mwaactl)
    after_second, parameters = tree(mwaactl), versions(mwaactl)

    back, forth = after(mwaactl, "rollback"), after(mwaactl, "rollback")

    assert (back.code, forth.code) == (0, 0)
    assert f"release {first} is back as" in back.stdout
    assert f"release {second} is back as" in forth.stdout
    assert tree(mwaactl) == after_second
    assert versions(mwaactl) == parameters
    assert mwaactl("plan").stdout == "local: nothing to do\n"


# mwaactl rollback FIRST
def test_each_of_many_releases_can_be_restored(mwaactl: CommandLine) -> None:
    trees: dict[str, dict[str, bytes]] = {}
    for number in range(5):
        mwaactl.write("dags/tables.py", f"TABLES = ({number},)\n")
        mwaactl.write(f"dags/dag_{number}.py", f"from airflow.sdk import DAG\nDAG('{number}')\n")
        released = json.loads(after(mwaactl, "deploy", "--json").stdout)["release"]["id"]
        trees[released] = tree(mwaactl)

    for wanted, expected in trees.items():
        assert after(mwaactl, "rollback", wanted).code == 0
        assert tree(mwaactl) == expected


# mwaactl rollback --dry-run
def test_a_dry_run_writes_nothing_and_ends_with_code_3(mwaactl: CommandLine) -> None:
    two_releases(mwaactl)
    written = list(mwaactl.aws.bucket.writes)

    result = mwaactl("rollback", "--dry-run")

    assert result.code == 3
    assert result.stdout == block("""
        local: 7 actions
          update stack flights-local-environment  requirements changed
          await  environment flights-local        the environment is being updated
          verify requirements of flights-local    MWAA only logs a failure of pip
          upload dags/tables.py                   its content changed
          delete dags/second.py                   an earlier release wrote it and this one does not have it
          await  parsing of 1 DAG file            a release counts only when Airflow has parsed it
          record release                          the current release holds other files
        files: 0 to create, 1 to change, 1 to delete, 12 bytes
        time:  environment update: 20 to 30 min, workers replaced
    """)
    assert mwaactl.aws.bucket.writes == written


# mwaactl rollback
def test_a_version_that_is_gone_is_told_before_anything_is_written(mwaactl: CommandLine) -> None:
    first, _ = two_releases(mwaactl)
    files = json.loads(mwaactl("release", "show", first, "--json").stdout)["files"]
    version = next(each["version_id"] for each in files if each["key"] == "dags/tables.py")
    del mwaactl.aws.bucket.history["dags/tables.py", version]
    written = list(mwaactl.aws.bucket.writes)

    result = after(mwaactl, "rollback")

    assert result.code == 1
    assert "cannot be restored: its version of `dags/tables.py` is gone" in result.stderr
    assert mwaactl.aws.bucket.writes == written


# mwaactl rollback
@pytest.mark.parametrize(
    ("commit", "told"),
    [("a1b2c3", ", or deploy what `git checkout a1b2c3` brings\n"), ("a1b2c3-dirty", "\n")],
)
def test_where_git_has_what_the_bucket_has_not_it_is_told(
    mwaactl: CommandLine, commit: str, told: str
) -> None:
    first, _ = two_releases(mwaactl)
    bucket, key = mwaactl.aws.bucket, f"releases/{first}.json"
    record = json.loads(bucket.contents[key]) | {"git_commit": commit}
    bucket.put(key, json.dumps(record).encode())
    version = next(each["version_id"] for each in record["files"] if each["key"] == "dags/tables.py")
    del bucket.history["dags/tables.py", version]

    result = after(mwaactl, "rollback")

    assert result.stderr.endswith(f"choose a newer release from `mwaactl release list`{told}")


# mwaactl rollback
def test_without_an_earlier_release_there_is_nothing_to_roll_back_to(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")

    result = mwaactl("rollback")

    assert (result.code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: there is no release before the current one\n")


# mwaactl rollback
def test_after_a_deployment_that_failed_it_is_not_guessed_which_release_is_meant(
    mwaactl: CommandLine,
) -> None:
    first, second = two_releases(mwaactl)
    good = tree(mwaactl)
    mwaactl.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\nbroken\n")
    assert after(mwaactl, "deploy").code == 1
    written = list(mwaactl.aws.bucket.writes)

    refused = after(mwaactl, "rollback")
    untouched = mwaactl.aws.bucket.writes == written
    back = after(mwaactl, "rollback", "current")

    failed = json.loads(mwaactl("release", "list", "--json").stdout)["releases"][1]["id"]
    assert (refused.code, untouched) == (1, True)
    assert refused.stderr == (
        f"error: release {failed} was begun after the current one and is failed\n\n"
        "hint: `mwaactl rollback current` brings the current release back, "
        f"`mwaactl rollback {first}` the one before it\n"
    )
    assert back.code == 0
    assert f"release {second} is back as" in back.stdout
    assert tree(mwaactl) == good


# mwaactl rollback 2026
def test_a_name_that_several_releases_have_is_refused(mwaactl: CommandLine) -> None:
    first, second = two_releases(mwaactl)

    result = mwaactl("rollback", "2026")

    assert result.code == 1
    assert result.stderr == block(f"""
        error: 2 releases are called `2026`

        hint: one of {second}, {first}
    """)


# mwaactl release show 2026
def test_of_many_releases_with_a_name_the_newest_are_told(mwaactl: CommandLine) -> None:
    for number in range(5):
        mwaactl.write("dags/tables.py", f"TABLES = ({number},)\n")
        assert after(mwaactl, "deploy").code == 0
    newest = [each["id"] for each in json.loads(mwaactl("release", "list", "--json").stdout)["releases"]]

    result = mwaactl("release", "show", "2026")

    assert result.stderr.endswith(f"\nhint: one of {', '.join(newest[:3])} and 2 before them\n")


# mwaactl release list
def test_the_list_shows_the_newest_first_and_marks_the_current_one(mwaactl: CommandLine) -> None:
    first, second = two_releases(mwaactl)
    after(mwaactl, "rollback")

    lines = mwaactl("release", "list").stdout.splitlines()

    assert lines[0].split() == ["RELEASE", "STATE", "WHEN", "WHO", "COMMIT", "FILES", "NOTE"]
    assert lines[1].startswith("*  ")
    assert lines[1].endswith(f"restores {first}")
    assert [line.split()[0] for line in lines[2:]] == [second, first]


# mwaactl release list
def test_a_failed_release_is_listed_with_its_reason(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    mwaactl.write("dags/flights.py", "import tables\nfrom airflow.sdk import DAG\nDAG('flights')\nbroken\n")
    after(mwaactl, "deploy")

    newest = mwaactl("release", "list").stdout.splitlines()[1]

    assert "  failed  " in newest
    assert newest.endswith(
        "Airflow cannot import `dags/flights.py:4`: NameError: name 'broken' is not defined"
    )


# mwaactl release list; mwaactl release show
def test_what_a_record_holds_steers_no_terminal_and_breaks_no_table(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    key = next(key for key in mwaactl.aws.bucket.contents if key.startswith("releases/2"))
    record = json.loads(mwaactl.aws.bucket.contents[key])
    record |= {"who": "arn:aws:iam::1:user/\x1b[32mdora", "failure": "no \x1b[31mx\n\n  at\u202e y\r"}
    mwaactl.aws.bucket.put(key, json.dumps(record | {"state": "failed"}).encode())

    listed, shown = mwaactl("release", "list").stdout, mwaactl("release", "show", record["id"]).stdout

    assert len(listed.splitlines()) == 2
    assert listed.endswith(r"no \x1b[31mx at\u202e y" + "\n")
    assert r"  \x1b[32mdora  " in listed
    assert f"failure          no \\x1b[31mx\n{'':17}\n{'':17}  at\\u202e y\\r\n" in shown


# mwaactl release show
def test_a_release_is_shown_with_its_files(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")

    shown = json.loads(mwaactl("release", "show", "--json").stdout)

    stored = mwaactl.aws.bucket.objects
    assert shown["state"] == "released"
    assert {each["key"]: each["version_id"] for each in shown["files"]} == {
        key: stored[key].version_id
        for key in ("dags/tables.py", "dags/flights.py", "artifacts/requirements.txt")
    }
    assert {each["key"]: each["defines_dag"] for each in shown["files"]}["dags/flights.py"] is True


# mwaactl plan
def test_a_file_that_a_rollback_deleted_is_new_and_not_missed(mwaactl: CommandLine) -> None:
    two_releases(mwaactl)
    after(mwaactl, "rollback")

    planned = json.loads(mwaactl("plan", "--json").stdout)["actions"]

    reasons = {each["subject"]: each["reason"] for each in planned}
    assert reasons["dags/second.py"] == "it is new"


# mwaactl release diff FIRST
def test_a_diff_names_the_files_that_differ(mwaactl: CommandLine) -> None:
    first, second = two_releases(mwaactl)

    assert mwaactl("release", "diff", first).stdout == block(f"""
        {first} → {second}: 3 files
          change artifacts/requirements.txt
          create dags/second.py
          change dags/tables.py
    """)


# mwaactl release diff FIRST SECOND --content
def test_a_diff_shows_what_changed_within_the_files(mwaactl: CommandLine) -> None:
    first, second = two_releases(mwaactl)

    shown = mwaactl("release", "diff", second, first, "--content").stdout

    assert "    -TABLES = (1,)\n    +TABLES = ()\n" in shown
    assert "    -cowsay==6.0\n    +cowsay==6.1\n" in shown
    assert "  delete dags/second.py\n" in shown


# mwaactl release diff FIRST --content
def test_a_diff_of_a_huge_file_stays_readable(mwaactl: CommandLine) -> None:
    rows = [f"{number},old" for number in range(30_000)]
    added = [f"{number},new" for number in range(5_000)]
    changed = [row if number % 3 else f"{row}er" for number, row in enumerate(rows)]
    mwaactl.write("dags/changed.csv", "\n".join(rows))
    mwaactl.write("dags/longer.csv", "\n".join(rows))
    after(mwaactl, "deploy")
    mwaactl.write("dags/changed.csv", "\n".join(changed))
    mwaactl.write("dags/longer.csv", "\n".join([*rows[:15_000], *added, *rows[15_000:]]))
    after(mwaactl, "deploy")
    first = json.loads(mwaactl("release", "list", "--json").stdout)["releases"][-1]["id"]

    text = mwaactl("release", "diff", first, "--content").stdout.splitlines()
    data = json.loads(mwaactl("release", "diff", first, "--content", "--json").stdout)

    assert text[1:3] == ["  change dags/changed.csv", "    too much to compare: 30,000 lines → 30,000 lines"]
    assert text[6:8] == ["    @@ -14998,6 +14998,5006 @@", "     14997,old"]
    assert text[-1] == "    … and 4,009 more lines"
    assert len(text) == 1005
    assert data["files"][1]["diff"][-1] == "… and 4,009 more lines"


# mwaactl release diff FIRST SECOND --content
def test_files_are_compared_with_those_of_an_archive(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    after(mwaactl, "deploy", "--zero-window")
    mwaactl.write("dags/tables.py", "TABLES = (1,)\n")
    after(mwaactl, "deploy")
    changed, archive, files = (
        each["id"] for each in json.loads(mwaactl("release", "list", "--json").stdout)["releases"]
    )

    same, other = mwaactl("release", "diff", files, archive), mwaactl("release", "diff", archive, changed)
    within = mwaactl("release", "diff", archive, changed, "--content").stdout
    told = json.loads(mwaactl("release", "diff", archive, changed, "--json").stdout)

    lies = "the DAGs lie in the archive `dags/flights.zip` now"
    assert same.stdout == f"{files} and {archive} hold the same files; {lies}\n"
    head = f"{archive} → {changed}: 1 file; the DAGs lie in single files now\n  change dags/tables.py\n"
    assert other.stdout == head
    assert within.startswith(head)
    assert within.endswith("    -TABLES = ()\n    +TABLES = (1,)\n")
    assert told["layout"] == "the DAGs lie in single files now"
    assert told["files"][0]["before"]["version_id"] is None


# mwaactl release diff FIRST
@pytest.mark.parametrize("content", [None, b"no archive"])
def test_an_archive_that_cannot_be_read_is_one_file(mwaactl: CommandLine, content: bytes | None) -> None:
    after(mwaactl, "deploy", "--zero-window")
    history, key = mwaactl.aws.bucket.history, "dags/flights.zip"
    version = next(each for each in history if each[0] == key)
    stored, _, moment = history.pop(version)
    if content is not None:
        history[version] = (stored, content, moment)
    archive = json.loads(mwaactl("release", "list", "--json").stdout)["current"]
    after(mwaactl, "deploy")

    result = mwaactl("release", "diff", archive)

    assert result.code == 0
    assert "  delete dags/flights.zip\n" in result.stdout


# mwaactl release diff current
def test_a_release_does_not_differ_from_itself(mwaactl: CommandLine) -> None:
    _, second = two_releases(mwaactl)

    assert mwaactl("release", "diff", "current").stdout == f"{second} and {second} hold the same files\n"


# mwaactl release unlock
def test_a_live_lock_is_named_and_left_alone(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    _lock(mwaactl)

    result = after(mwaactl, "release", "unlock", seconds=5)

    assert result.code == 1
    assert result.stdout == (
        "local: release 20261123T090000000Z-0badcafe by arn:aws:iam::123456789012:user/eve on build-7 "
        "since 2026-11-23 09:00:00 UTC holds the lock: it was renewed 5 s ago, and its lease lasts 60 s; "
        "remove it all the same with `--yes`\n"
    )
    assert "releases/lock.json" in mwaactl.aws.bucket.objects


# mwaactl release unlock
def test_a_lock_whose_lease_has_run_out_is_removed(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    _lock(mwaactl)

    result = after(mwaactl, "release", "unlock", seconds=61)

    assert result.code == 0
    assert result.stdout.startswith("local: removed the lock of release 20261123T090000000Z-0badcafe by")
    assert "releases/lock.json" not in mwaactl.aws.bucket.objects


# mwaactl deploy
def test_a_deployment_names_who_holds_the_lock_and_writes_nothing(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    _lock(mwaactl)
    mwaactl.write("dags/tables.py", "TABLES = (2,)\n")
    written = list(mwaactl.aws.bucket.writes)

    result = after(mwaactl, "deploy", "--json", seconds=20)

    told = json.loads(result.stdout)
    assert result.code == 1
    assert told["code"] == "deploy.locked"
    assert told["error"] == (
        "another deployment is under way: release 20261123T090000000Z-0badcafe by "
        "arn:aws:iam::123456789012:user/eve on build-7 since 2026-11-23 09:00:00 UTC"
    )
    assert "takes over in 40 s" in told["hint"]
    assert mwaactl.aws.bucket.writes == written


# mwaactl deploy
def test_a_lock_of_a_dead_process_of_this_machine_is_taken_over_at_once(mwaactl: CommandLine) -> None:
    after(mwaactl, "deploy")
    mwaactl.aws.dead.add(_lock(mwaactl))
    mwaactl.write("dags/tables.py", "TABLES = (2,)\n")

    result = after(mwaactl, "deploy", seconds=1)

    assert result.code == 0
    assert "  took over the lock of release 20261123T090000000Z-0badcafe by" in result.stderr
    assert "releases/lock.json" not in mwaactl.aws.bucket.objects


# mwaactl release list
def test_an_environment_that_does_not_exist_has_no_releases(mwaactl: CommandLine) -> None:
    result = mwaactl("release", "list")

    assert result.code == 1
    assert result.stderr == block("""
        error: nothing was ever deployed to `local`

        hint: deploy with `mwaactl deploy -e local`
    """)


def _lock(mwaactl: CommandLine) -> Process:
    """Leave the lock of somebody else."""
    process = Process("build-7", "boot-9", 99)
    who, since = "arn:aws:iam::123456789012:user/eve", "2026-11-23 09:00:00 UTC"
    holder = Holder("t0k3n", "20261123T090000000Z-0badcafe", who, since, process)
    mwaactl.aws.bucket.put("releases/lock.json", encode(holder))
    return process
