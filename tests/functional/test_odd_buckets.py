"""What people, consoles and lifecycle rules do to the source bucket between two deployments."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, override

import pytest

from mwaactl.errors import AccessDenied, ServiceError
from tests.fakes.in_memory_aws import InMemoryBucket

if TYPE_CHECKING:
    from mwaactl.observed import StoredContent, StoredObject
    from tests.fakes.command_line import CommandLine, Result

DAG = "from airflow.sdk import DAG\nDAG('{0}')\n"


def after(mwaactl: CommandLine, *arguments: str) -> Result:
    mwaactl.aws.clock.sleep(10)
    return mwaactl(*arguments)


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    """The small project, deployed."""
    assert after(mwaactl, "deploy").code == 0
    return mwaactl


def second_release(mwaactl: CommandLine, **files: bytes) -> tuple[str, str]:
    """Deploy with other content of files below dags/; return the ids of both releases."""
    for name, content in files.items():
        (mwaactl.root / "dags" / f"{name}.csv").write_bytes(content)
    assert after(mwaactl, "deploy").code == 0
    newest, oldest = json.loads(mwaactl("release", "list", "--json").stdout)["releases"]
    return oldest["id"], newest["id"]


# mwaactl release list
@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b'{"format": 2}'])
def test_a_record_that_cannot_be_read_does_not_hide_the_others(deployed: CommandLine, content: bytes) -> None:
    broken = "20261101T000000000Z-0badcafe"
    deployed.aws.bucket.put(f"releases/{broken}.json", content)

    text, data = deployed("release", "list"), json.loads(deployed("release", "list", "--json").stdout)

    assert text.code == 0
    assert text.stdout.splitlines()[2].split()[:2] == [broken, "unreadable"]
    assert [each["state"] for each in data["releases"]] == ["released", "unreadable"]
    assert data["releases"][1]["failure"].startswith(f"`releases/{broken}.json` in the source bucket ")


# mwaactl release list
def test_the_releases_are_listed_also_where_nothing_tells_which_is_current(deployed: CommandLine) -> None:
    released = json.loads(deployed("release", "list", "--json").stdout)["current"]
    deployed.aws.bucket.put("releases/current.json", b'{"format": 2}')

    text, told = deployed("release", "list"), json.loads(deployed("release", "list", "--json").stdout)

    assert text.code == 1
    assert text.stdout.splitlines()[1].split()[:2] == [released, "released"]
    assert text.stderr.startswith(
        "error: `releases/current.json` in the source bucket was written by a newer"
    )
    assert told["code"] == "release.newer"


# mwaactl release list; mwaactl deploy
def test_what_is_no_record_under_releases_is_in_nobodys_way(deployed: CommandLine) -> None:
    for key in ("releases/", "releases/notes.txt", "releases/old/", "releases/old/20261101T0.json"):
        deployed.aws.bucket.put(key, b"")
    deployed.write("dags/tables.py", "TABLES = (1,)\n")

    assert after(deployed, "deploy").code == 0
    assert len(json.loads(deployed("release", "list", "--json").stdout)["releases"]) == 2


# mwaactl release show NAME
@pytest.mark.parametrize("name", ["lock", "../dags/tables", "x" * 2000, "a b", ""])
def test_what_is_no_id_is_the_name_of_no_release(deployed: CommandLine, name: str) -> None:
    deployed.aws.bucket.put("releases/lock.json", b"{}")

    result = deployed("release", "show", name)

    assert result.code == 1
    assert result.stderr.startswith(f"error: there is no release `{name}`\n")


# mwaactl release diff A B --content
@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (b"1\n2\n", b"1\r\n2\r\n", "only line endings: 4 bytes → 6 bytes"),
        (b"1\n", b"1", "only line endings: 2 bytes → 1 bytes"),
        (b"\x001\n", b"\x002\n", "binary: 3 bytes → 3 bytes"),
        (b"\xff", b"\xfe", "binary: 1 bytes → 1 bytes"),
        (b"", b"\x1b]0;title\x07\n", r"+\x1b]0;title\x07"),
    ],
)
def test_every_change_is_shown_and_none_steers_the_terminal(
    deployed: CommandLine, old: bytes, new: bytes, shown: str
) -> None:
    (deployed.root / "dags" / "rows.csv").write_bytes(old)
    assert after(deployed, "deploy").code == 0
    (deployed.root / "dags" / "rows.csv").write_bytes(new)
    assert after(deployed, "deploy").code == 0
    newest, before, _ = json.loads(deployed("release", "list", "--json").stdout)["releases"]

    result = deployed("release", "diff", before["id"], newest["id"], "--content")

    assert f"    {shown}\n" in result.stdout
    assert "\x1b" not in result.stdout


# mwaactl release diff A --content
def test_versions_that_are_all_gone_are_told(deployed: CommandLine) -> None:
    first, second = second_release(deployed, rows=b"1\n")
    versions = [key for key in deployed.aws.bucket.history if key[0] == "dags/rows.csv"]
    for each in versions:
        del deployed.aws.bucket.history[each]

    text = deployed("release", "diff", first, "--content")
    data = json.loads(deployed("release", "diff", first, "--content", "--json").stdout)

    gone = "a version is gone: the bucket does not keep it any more"
    assert text.stdout == f"{first} → {second}: 1 file\n  create dags/rows.csv\n    {gone}\n"
    assert data["files"][0]["diff"] == [gone]


# mwaactl deploy
def test_a_lost_name_of_the_current_release_does_not_make_many_deletes_pass(deployed: CommandLine) -> None:
    for name in ("a", "b", "c"):
        deployed.write(f"dags/{name}.py", DAG.format(name))
    assert after(deployed, "deploy").code == 0
    deployed.aws.bucket.put("releases/current.json", b"{")
    unreadable = after(deployed, "deploy")
    deployed.aws.bucket.delete("releases/current.json")
    for name in ("a", "b", "c"):
        (deployed.root / "dags" / f"{name}.py").unlink()

    refused = after(deployed, "deploy")

    assert unreadable.code == 1
    assert "hint: remove it: " in unreadable.stderr
    assert refused.code == 1
    assert refused.stderr.startswith("error: the release deletes 3 of 4 DAG files\n")
    assert after(deployed, "deploy", "--allow-deletes").code == 0
    assert "dags/a.py" not in deployed.aws.bucket.objects


@dataclass(slots=True)
class GuardedBucket(InMemoryBucket):
    """Keeps what it holds of some keys from whoever asks, until it is written over.

    Attributes:
        guarded: Key to the code of the refusal.
    """

    guarded: dict[str, str] = field(default_factory=dict)

    @override
    def describe(self, key: str, version_id: str | None = None) -> StoredObject | None:
        if self.guarded.get(key) == "AccessDenied":
            self._refuse(key, "HeadObject", "403")
        return InMemoryBucket.describe(self, key, version_id)

    @override
    def read(self, key: str, version_id: str | None = None) -> StoredContent | None:
        if version_id is None and key in self.guarded:
            self._refuse(key, "GetObject", self.guarded[key])
        return InMemoryBucket.read(self, key, version_id)

    @override
    def put(self, key: str, content: bytes) -> StoredObject:
        self.guarded.pop(key, None)
        return InMemoryBucket.put(self, key, content)

    def _refuse(self, key: str, operation: str, code: str) -> None:
        kind = AccessDenied if code in ("403", "AccessDenied") else ServiceError
        message = f"s3 refused {operation} of `{key}`"
        raise kind(message, service="s3", operation=operation, error_code=code)


@pytest.fixture
def guarded(deployed: CommandLine) -> dict[str, str]:
    """What the bucket keeps from its callers."""
    whole = deployed.aws.bucket
    bucket = GuardedBucket(**{each.name: getattr(whole, each.name) for each in fields(whole)})
    deployed.aws.bucket = bucket
    return bucket.guarded


# mwaactl plan; mwaactl deploy
def test_a_copy_under_a_key_of_somebody_else_is_written_again(
    deployed: CommandLine, guarded: dict[str, str]
) -> None:
    deployed.aws.bucket.put("dags/tables.py", b"encrypted\n")
    guarded["dags/tables.py"] = "AccessDenied"

    planned, result = after(deployed, "plan"), after(deployed, "deploy")

    assert "  upload dags/tables.py         the bucket's copy was changed by someone else\n" in planned.stdout
    assert (planned.code, result.code) == (0, 0)
    assert deployed.aws.bucket.contents["dags/tables.py"] == b"TABLES = ()\n"


# mwaactl plan
def test_an_artifact_that_is_kept_from_us_is_an_error(deployed: CommandLine, guarded: dict[str, str]) -> None:
    deployed.aws.bucket.put("artifacts/requirements.txt", b"encrypted\n")
    guarded["artifacts/requirements.txt"] = "AccessDenied"

    result = after(deployed, "plan")

    assert result.code == 1
    assert "error: s3 refused HeadObject of `artifacts/requirements.txt`" in result.stderr


# mwaactl plan; mwaactl deploy
def test_a_copy_in_an_archive_is_written_again(deployed: CommandLine, guarded: dict[str, str]) -> None:
    objects = deployed.aws.bucket.objects
    guarded |= dict.fromkeys(("dags/tables.py", "artifacts/requirements.txt"), "InvalidObjectState")
    for key in ("dags/tables.py", "artifacts/requirements.txt"):
        objects[key] = replace(objects[key], archived=True)

    planned = json.loads(after(deployed, "plan", "--json").stdout)["actions"]

    reason = "the bucket's copy lies in an archive, where MWAA cannot read it"
    uploads = [(each["subject"], each["reason"]) for each in planned if each["action"] == "upload"]
    assert uploads == [("artifacts/requirements.txt", reason), ("dags/tables.py", reason)]
    assert after(deployed, "deploy").code == 0
    assert after(deployed, "plan").stdout == "local: nothing to do\n"


# mwaactl plan; mwaactl deploy
def test_an_artifact_is_written_again_only_where_the_version_that_runs_is_gone(deployed: CommandLine) -> None:
    bucket, key = deployed.aws.bucket, "artifacts/requirements.txt"
    version = bucket.objects[key].version_id
    bucket.delete(key)
    deleted = after(deployed, "plan")
    bucket.put(key, b"other==1")
    overwritten = after(deployed, "plan")
    del bucket.history[key, version]

    gone = json.loads(after(deployed, "plan", "--json").stdout)
    result = after(deployed, "deploy")

    note = f"somebody overwrote or deleted `{key}`: the environment keeps the version that it runs"
    assert deleted.stdout == overwritten.stdout == f"local: nothing to do\nnote:  {note}\n"
    assert [(each["action"], each["subject"]) for each in gone["actions"]][:2] == [
        ("upload", key),
        ("update", "stack flights-local-environment"),
    ]
    assert gone["actions"][0]["reason"] == "the version that the environment runs is gone from the bucket"
    assert (gone["notes"], result.code) == ([], 0)
    assert bucket.contents[key] == b"cowsay==6.1\n"
    assert after(deployed, "plan").stdout == "local: nothing to do\n"


# mwaactl rollback; mwaactl plan
def test_after_a_rollback_nobody_is_said_to_have_overwritten_an_artifact(deployed: CommandLine) -> None:
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")
    assert after(deployed, "deploy").code == 0
    assert after(deployed, "rollback").code == 0
    deployed.write("requirements/requirements.txt", "cowsay==6.1\n")

    assert after(deployed, "plan").stdout == "local: nothing to do\n"


# mwaactl rollback
def test_a_version_in_an_archive_is_told_before_anything_is_written(deployed: CommandLine) -> None:
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    assert after(deployed, "deploy").code == 0
    history = deployed.aws.bucket.history
    first = min(
        (key for key in history if key[0] == "dags/tables.py"), key=lambda key: int((key[1] or "v0")[1:])
    )
    stored, content, moment = history[first]
    history[first] = (replace(stored, archived=True), content, moment)
    written = list(deployed.aws.bucket.writes)

    result = after(deployed, "rollback")

    assert result.code == 1
    assert "cannot be restored: its version of `dags/tables.py` is archived\n" in result.stderr
    command = (
        "aws s3api restore-object --bucket flights-local-source --key dags/tables.py "
        f"--version-id {first[1]} --restore-request Days=7"
    )
    assert f"hint: bring it back with `{command}`, which takes hours" in " ".join(result.stderr.split())
    assert deployed.aws.bucket.writes == written


# mwaactl rollback
def test_each_of_many_archived_versions_has_its_command_in_json(deployed: CommandLine) -> None:
    first = dict(deployed.aws.bucket.objects)
    names = ("dags/tables.py", "dags/flights.py")
    for name in names:
        deployed.write(name, f"{deployed.aws.bucket.contents[name].decode()}\n")
    assert after(deployed, "deploy").code == 0
    for key in ((name, first[name].version_id) for name in names):
        stored, content, moment = deployed.aws.bucket.history[key]
        deployed.aws.bucket.history[key] = (replace(stored, archived=True), content, moment)

    told = json.loads(after(deployed, "rollback", "--json").stdout)

    versions = [(name, first[name].version_id) for name in sorted(names)]
    assert sorted(told["context"]["restore"].splitlines()) == [
        f"aws s3api restore-object --bucket flights-local-source --key {name} --version-id {version} "
        "--restore-request Days=7"
        for name, version in versions
    ]
    assert "and the others as `--json` tells" in told["hint"]


# mwaactl plan
def test_a_strangers_folder_with_the_name_of_a_file_is_noted(deployed: CommandLine) -> None:
    for key in ("dags/", "dags/tables.py/", "dags/flights.py/x", "dags/lib", "dags/new/"):
        deployed.aws.bucket.put(key, b"")
    deployed.write("dags/lib/rows.py", "ROWS = ()\n")

    notes = json.loads(after(deployed, "plan", "--json").stdout)["notes"]

    said = "`{0}` is a file and `{1}` needs a folder of that name: Airflow can have only one of them"
    pairs = (
        ("dags/flights.py", "dags/flights.py/x"),
        ("dags/lib", "dags/lib/rows.py"),
        ("dags/tables.py", "dags/tables.py/"),
    )
    assert notes == [said.format(*each) for each in pairs]


# mwaactl plan
def test_a_long_name_moves_only_its_own_reason(deployed: CommandLine) -> None:
    name = "x" * 200
    deployed.write(f"dags/{name}.csv", "1\n")
    deployed.write("dags/tables.py", "TABLES = (1,)\n")

    lines = after(deployed, "plan").stdout.splitlines()

    assert f"  upload dags/{name}.csv  it is new" in lines
    assert f"  upload {'dags/tables.py':<72}  its content changed" in lines


# mwaactl plan
def test_a_strangers_name_does_not_steer_the_terminal(deployed: CommandLine) -> None:
    for key in ("dags/\x1b]0;title\x07.py", "dags/tables.py/\x1b[2J"):
        deployed.aws.bucket.put(key, b"")

    shown = after(deployed, "plan").stdout

    assert r"left alone: dags/\x1b]0;title\x07.py, dags/tables.py/\x1b[2J" in shown
    assert r"`dags/tables.py/\x1b[2J` needs a folder of that name" in shown
    assert "\x1b" not in shown


# mwaactl rollback
def test_a_record_that_is_gone_is_no_release_to_go_back_to(deployed: CommandLine) -> None:
    first, _ = second_release(deployed, rows=b"1\n")
    deployed.aws.bucket.delete(f"releases/{first}.json")
    written = list(deployed.aws.bucket.writes)

    result = after(deployed, "rollback")

    assert result.code == 1
    told = f"error: the release before the current one, {first}, has no record any more\n"
    assert result.stderr.startswith(told)
    assert deployed.aws.bucket.writes == written
    deployed.write("dags/tables.py", "TABLES = (1,)\n")
    assert after(deployed, "deploy").code == 0
