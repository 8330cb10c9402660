"""What pip 26.3 writes, as it wrote it."""

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements.installation import Installation, InstalledPackage
from mwaactl.project.requirements.installation_findings import installation_findings
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements.pip_failure import explain_pip
from mwaactl.project.requirements_file import requirement_lines

AIRFLOW = package_set("3.3.1")
CONFLICT = """\
ERROR: Cannot install -r r.txt (line 2) because these package versions have conflicting dependencies.

The conflict is caused by:
    awscli 1.40.0 depends on celery==5.0
    The user requested (constraint) celery==5.6.3

Additionally, some packages in these conflicts have no matching distributions available for your environment:
    celery
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/
"""


def _explain(output: str, requirements: str = "solo==1.0\nawscli==1.40.0\n") -> Finding:
    return explain_pip(output, requirement_lines(requirements.encode()), AIRFLOW)


def test_a_conflict_with_an_essential_pin_says_that_it_always_holds() -> None:
    found = _explain(CONFLICT)
    assert found.line == 2
    assert found.message == (
        "`awscli==1.40.0` cannot be installed beside Airflow 3.3.1 on MWAA: awscli 1.40.0 depends on "
        "celery==5.0, but MWAA always keeps celery==5.6.3"
    )


def test_a_tampered_file_is_told_with_both_digests() -> None:
    found = _explain(
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"
        "    solo==1.0 from https://user:secret@x/solo-1.0.whl (from -r r.txt (line 1)):\n"
        "        Expected sha256 aaaa\n             Got        bbbb\n"
    )
    assert found.line == 1
    assert found.message == "`solo==1.0` has another content than the hash says: sha256 is bbbb, not aaaa"


def test_a_build_that_fails_names_the_package() -> None:
    assert (
        "`solo` has no wheel" in _explain("ERROR: Failed to build 'solo' when getting requirements\n").message
    )


def test_a_line_that_pip_cannot_read_is_named() -> None:
    found = _explain(
        "ERROR: Invalid requirement: 'haver sine==1': Expected end\n    ^ (from line 7 of r.txt)\n"
    )
    assert found.line == 7


def test_words_that_nobody_knows_are_passed_on_without_secrets() -> None:
    assert _explain("ERROR: Strange at https://user:secret@host/x.\n").message == (
        "pip failed: Strange at https://***@host/x"
    )


@pytest.mark.parametrize(
    "output",
    [
        "WARNING: Retrying (Retry(total=4))\nERROR: No matching distribution found for a\n",
        "ERROR: HTTP error 401 while getting https://user:secret@host/\n",
    ],
)
def test_a_registry_that_was_not_asked_is_no_finding_and_keeps_its_secrets(output: str) -> None:
    with pytest.raises(ProjectError, match="could not ask") as caught:
        _explain(output)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("why", ["No space left on device", "Read-only file system"])
def test_a_disk_that_takes_nothing_is_no_finding_either(why: str) -> None:
    with pytest.raises(ProjectError, match=f"pip could not write its files: {why}") as caught:
        _explain(f"ERROR: Exception:\nTraceback (most recent call last):\nOSError: [Errno 28] {why}\n")
    assert caught.value.code == "project.unwritable"


def test_why_the_registry_was_not_reached_is_told() -> None:
    with pytest.raises(ProjectError, match=r"could not ask the package registry: Connection refused$"):
        _explain(
            "WARNING: Retrying (Retry(total=2)) after connection broken by 'NewConnectionError('<pip>: "
            "Failed to establish a new connection: [Errno 111] Connection refused')': /simple/a/\n"
            "ERROR: No matching distribution found for a\n"
        )


def _findings(output: str = "", seconds: float = 1.0, *packages: InstalledPackage) -> list[Finding]:
    lines = requirement_lines(b"solo==1.0\n")
    return [*installation_findings(Installation(0, output, seconds, packages), lines, AIRFLOW)]


def test_more_than_half_of_the_time_is_a_warning() -> None:
    assert _findings(seconds=269.0) == []
    (found,) = _findings(seconds=300.0)
    assert (found.rule, found.severity) == ("requirements-time", "warning")
    assert "300 s of the 540 s" in found.message


def test_more_than_a_gigabyte_is_a_warning() -> None:
    assert _findings("", 1.0, InstalledPackage("solo", "1.0", 2**30)) == []
    (found,) = _findings("", 1.0, InstalledPackage("solo", "1.0", 2**30 + 1))
    assert found.rule == "requirements-size"


def test_a_dependency_built_from_source_is_a_warning() -> None:
    (found,) = _findings(
        "  Building wheel for solo (pyproject.toml): done\n  Building wheel for dep (setup.py)\n"
    )
    assert (found.rule, found.severity) == ("requirements-built", "warning")
    assert "`dep`" in found.message


def test_what_pip_installs_and_breaks_is_an_error() -> None:
    (found,) = _findings(
        "flask 3.1.3 requires werkzeug>=3.1, but you have werkzeug 2.0 which is incompatible.\n"
    )
    assert (found.rule, found.severity) == ("requirements-broken", "error")
