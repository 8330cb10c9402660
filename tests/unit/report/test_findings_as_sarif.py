import json
import os
from pathlib import PurePosixPath
from typing import Any

from mwaactl.project.checks.finding import Finding
from mwaactl.report.sarif import findings_sarif

FINDINGS = (
    Finding("dag-cycle", "error", "dags/flights.py", 3, "has a cycle", "break it"),
    Finding("AIR002", "warning", "dags/of planes.py", None, "no schedule"),
    Finding("dag-cycle", "error", "dags/flights.py", 9, "has a cycle", "break it"),
)


def log(below: str = "") -> dict[str, Any]:
    return findings_sarif(FINDINGS, PurePosixPath(below), "1.2.3")


def test_log_has_the_members_that_the_standard_requires() -> None:
    found = log()
    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("mwaactl", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["AIR002", "dag-cycle"]
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in driver["rules"])
    assert all(result["message"]["text"] for result in run["results"])


def test_results_name_rule_level_and_place() -> None:
    first, second, _ = log("sub dir")["runs"][0]["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("dag-cycle", 1, "error")
    assert first["message"]["text"] == "has a cycle\n\nHint: break it"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "sub%20dir/dags/flights.py", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3},
    }
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_a_folder_s_name_that_is_not_utf_8_is_written_byte_by_byte() -> None:
    place = log(os.fsdecode(b"proj\xff"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "proj%FF/dags/flights.py"


def test_fingerprints_do_not_depend_on_the_line() -> None:
    first, second, third = (each["partialFingerprints"]["mwaactl/v1"] for each in log()["runs"][0]["results"])
    assert first == third != second


def test_no_findings_are_a_log_as_well() -> None:
    run = findings_sarif((), PurePosixPath(), "1.2.3")["runs"][0]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_half_of_a_pair_of_characters_is_written_as_an_escape() -> None:
    finding = Finding("dag-variable", "warning", "dags/é.py", 1, "reads `\ud800`", "not `\ud800`")
    found = findings_sarif((finding,), PurePosixPath(), "1.2.3")
    text = json.dumps(found)
    assert text.encode("ascii")
    assert found["runs"][0]["results"][0]["partialFingerprints"]["mwaactl/v1"]
