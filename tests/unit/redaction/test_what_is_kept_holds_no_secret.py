from pathlib import Path

from mwaactl.project.airflow_parsing.kept_facts import KeptFacts
from mwaactl.project.requirements.kept_trials import LOG, KeptTrials


def test_the_log_of_pip_is_kept_without_logins(tmp_path: Path) -> None:
    KeptTrials(tmp_path, "0" * 32).write_log(
        "Looking in indexes: https://dora:hunter2@registry.internal/simple\n"
    )
    assert (tmp_path / LOG).read_text() == "Looking in indexes: https://***@registry.internal/simple\n"


def test_what_parsing_found_is_kept_without_passwords(tmp_path: Path) -> None:
    kept = KeptFacts(tmp_path / "x.json")
    kept.put("a.py", {"errors": [{"text": "refused redis://:hunter2@cache/0"}]}, {"a.py": "1" * 64})
    kept.write()
    assert "hunter2" not in (tmp_path / "x.json").read_text()
    assert "redis://***@cache/0" in (tmp_path / "x.json").read_text()
