from pathlib import PurePosixPath

from mwaactl.project.checks.finding import Finding
from mwaactl.report.annotations import findings_annotations


def test_each_finding_is_a_workflow_command() -> None:
    findings = (
        Finding("dag-cycle", "error", "dags/flights.py", 3, "has a cycle", "break it"),
        Finding("AIR002", "warning", "dags/planes.py", None, "no schedule"),
    )
    assert findings_annotations(findings, PurePosixPath()) == (
        "::error file=dags/flights.py,title=mwaactl dag-cycle,line=3::has a cycle%0Ahint: break it\n"
        "::warning file=dags/planes.py,title=mwaactl AIR002::no schedule"
    )


def test_paths_begin_at_the_repository_s_root() -> None:
    finding = Finding("x", "error", "dags/a.py", 1, "no")
    assert "file=team/pipelines/dags/a.py," in findings_annotations(
        (finding,), PurePosixPath("team/pipelines")
    )


def test_what_would_end_a_command_is_escaped() -> None:
    finding = Finding("x", "error", "dags/a,b:c%.py", 1, "50 % of: a,\r\n::error::b")
    assert findings_annotations((finding,), PurePosixPath()) == (
        "::error file=dags/a%2Cb%3Ac%25.py,title=mwaactl x,line=1::50 %25 of: a,%0D%0A::error::b"
    )
