"""startup.sh, sourced as MWAA sources it: only what it exports counts."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "startup" / "startup.sh"


def exported(**variables: str) -> dict[str, str]:
    """The environment after the script has been sourced."""
    done = subprocess.run(
        ["/bin/bash", "-c", f'source "{SCRIPT}" && env -0'],
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return dict(line.split("=", 1) for line in done.stdout.split("\0") if line)


def test_defaults_are_exported() -> None:
    environment = exported()
    assert environment["AIRFLOW__PIPELINES__MAX_REJECTED_SHARE"] == "0.001"
    assert environment["AWS_RETRY_MODE"] == "standard"
    assert environment["AWS_MAX_ATTEMPTS"] == "5"


def test_what_is_set_already_stays() -> None:
    assert exported(AWS_MAX_ATTEMPTS="2")["AWS_MAX_ATTEMPTS"] == "2"


def test_the_script_cannot_end_early() -> None:
    commands = [line for line in SCRIPT.read_text().splitlines() if line and not line.startswith("#")]
    assert commands
    assert all(line.startswith("export ") for line in commands)
