"""What scanners answer, in the words of their present versions, becomes findings."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.program import Ended
from mwaactl.project.infrastructure.scanners.cfn_guard import ControlTower
from mwaactl.project.infrastructure.scanners.cfn_lint import CfnLint
from mwaactl.project.infrastructure.scanners.checkov import Checkov
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanner
from mwaactl.project.requirements.process import Completed
from mwaactl.project.requirements.uv import Uv
from tests.fakes.cdk_app import CdkPrograms

LINTED = [
    {
        "Filename": "/out/orders.template.json",
        "Level": level,
        "Location": {"Path": path},
        "Message": "'OPEN' is not one of ['PRIVATE_ONLY']",
        "Rule": {"Id": rule},
    }
    for level, rule, path in (
        ("Error", "E3030", ["Resources", "Airflow", "Properties", "WebserverAccessMode"]),
        ("Warning", "W2001", ["Parameters", "Unused"]),
        ("Informational", "I3011", ["Resources", "Airflow"]),
    )
]
CUSTOM_MESSAGE = "\n  [CT.KMS.PR.1]: Require rotation\n  [FIX]: Set it to 'true'.\n  "
GUARDED = [
    {
        "name": "/out/orders.template.json",
        "not_compliant": [
            {
                "Rule": {
                    "name": "kms_rotation",
                    "checks": [
                        {
                            "messages": {"custom_message": CUSTOM_MESSAGE},
                            "path": f"/Resources/{key}/Properties/EnableKeyRotation",
                        }
                        for key in ("Key", "Key", "Other")
                    ],
                }
            }
        ],
    }
]
CHECKED = {
    "results": {
        "failed_checks": [
            {
                "check_id": "CKV_AWS_7",
                "check_name": "Ensure rotation for customer created CMKs is enabled",
                "file_path": "/orders.template.json",
                "resource": "AWS::KMS::Key.Key",
            }
        ],
        "parsing_errors": ["/out/broken.template.json"],
    }
}


@pytest.fixture
def programs(tmp_path: Path) -> CdkPrograms:
    (tmp_path / "built").mkdir()
    return CdkPrograms()


def scanned(
    scanner: Scanner, programs: CdkPrograms, folder: Path
) -> list[tuple[str, str, str, str, str | None]]:
    assembly = Assembly(folder, (), {}, {}, ())
    found = scanner.scan(assembly, Means(programs, {}, folder, "eu-west-1"))
    return [(each.rule, each.severity, each.logical_id, each.message, each.hint) for each in found]


def test_cfn_lint_s_errors_and_warnings_are_taken(programs: CdkPrograms, tmp_path: Path) -> None:
    programs.answers["cfnlint"] = Ended(2 | 4 | 8, json.dumps(LINTED), "")

    message = "'OPEN' is not one of ['PRIVATE_ONLY']"
    assert scanned(CfnLint(), programs, tmp_path) == [
        ("E3030", "error", "Airflow", message, None),
        ("W2001", "warning", "", message, None),
    ]
    assert "--regions eu-west-1" in programs.ran[0]


@pytest.mark.parametrize("code", [1, 32, None])
def test_cfn_lint_that_fails_is_not_taken_for_one_that_found_nothing(
    programs: CdkPrograms, tmp_path: Path, code: int | None
) -> None:
    programs.answers["cfnlint"] = Ended(code, "", "Traceback\nImportError: x\n")

    with pytest.raises(NotRunError, match="failed: ImportError: x"):
        scanned(CfnLint(), programs, tmp_path)


def test_control_tower_names_each_resource_once(programs: CdkPrograms, tmp_path: Path) -> None:
    programs.answers["cfn-guard"] = Ended(19, json.dumps(GUARDED), "")

    assert scanned(ControlTower(), programs, tmp_path) == [
        ("CT.KMS.PR.1", "error", "Key", "Require rotation", "Set it to 'true'"),
        ("CT.KMS.PR.1", "error", "Other", "Require rotation", "Set it to 'true'"),
    ]


def test_cfn_guard_that_fails_is_not_taken_for_one_that_found_nothing(
    programs: CdkPrograms, tmp_path: Path
) -> None:
    programs.answers["cfn-guard"] = Ended(5, "", "Parse error\n")

    with pytest.raises(NotRunError, match="failed: Parse error"):
        scanned(ControlTower(), programs, tmp_path)


def checkov(code: int, output: str = "") -> Checkov:
    def build(_: Sequence[str], *, cwd: Path, **__: object) -> Completed:
        (cwd / "python" / "bin").mkdir(parents=True, exist_ok=True)
        (cwd / "python" / "bin" / "python").touch()
        return Completed(code, output, 0.0)

    return Checkov(Uv(build, {}))  # type: ignore[arg-type]


def test_checkov_s_failed_checks_are_taken_and_files_it_cannot_read(
    programs: CdkPrograms, tmp_path: Path
) -> None:
    programs.answers["checkov"] = Ended(0, json.dumps([CHECKED]), "")

    message = "does not hold: Ensure rotation for customer created CMKs is enabled"
    assert scanned(checkov(0), programs, tmp_path) == [
        ("parsing", "error", "", "checkov cannot read the template", None),
        ("CKV_AWS_7", "error", "Key", message, None),
    ]
    assert "--skip-download" in programs.ran[0]


def test_checkov_that_cannot_be_installed_or_says_nothing_is_said_so(
    programs: CdkPrograms, tmp_path: Path
) -> None:
    with pytest.raises(NotRunError, match="cannot be installed: no such host"):
        scanned(checkov(1, "no such host"), programs, tmp_path / "one")
    programs.answers["checkov"] = Ended(1, "", "Killed\n")
    with pytest.raises(NotRunError, match="failed: Killed"):
        scanned(checkov(0), programs, tmp_path / "two")
