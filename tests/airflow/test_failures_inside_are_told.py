from collections.abc import Callable
from pathlib import Path

from tests.airflow.inside_airflow import InsideAirflow

CASES = """
def test_right(): pass
def test_wrong():
    print("said before")
    assert 1 == 2
"""


def test_what_fails_what_is_not_imported_and_what_is_not_run(
    airflow: Callable[[str], InsideAirflow], tmp_path: Path
) -> None:
    (tmp_path / "some_cases.py").write_text(CASES)
    (tmp_path / "broken_cases.py").write_text("import there_is_no_such_module")
    results = airflow("3.3.1").pytest([str(tmp_path / name) for name in ("some_cases.py", "broken_cases.py")])
    wrong, broken, missing = (results.failures(f"{name}_cases.py") for name in ("some", "broken", "missing"))
    assert [(text.split("\n")[0], "assert 1 == 2" in text, "said before" in text) for text in wrong] == [
        ("test_wrong", True, True)
    ]
    assert "No module named 'there_is_no_such_module'" in broken[0]
    assert missing[0].startswith("nothing of missing_cases.py was run (exit code 1)")
    assert results.code == 1
