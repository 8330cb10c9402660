"""apache-airflow-providers-amazon in an Airflow runtime of this repository, without a running Airflow."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "emulator" / "clients" / "provider_calls.py"
SECONDS = 300


def provider_answers(
    asked: Mapping[str, Sequence[str]], environment: Mapping[str, str], home: Path
) -> dict[str, Any]:
    """Use the provider and return what it gave, by service.

    Args:
        asked: The arguments of each service of `provider_calls.py` to use.
        environment: The variables of a shell that talks to the emulator.
        home: An empty folder for Airflow.
    """
    # A digest follows; layers with a project's requirements have `requirements-` in its place.
    found = ROOT.glob(".mwaactl/runtimes/airflow-3.3.1-[0-9a-f]*/bin/python")
    python = max(found, key=lambda path: path.parents[1].stat().st_mtime)
    own = {"AIRFLOW_HOME": str(home), "AIRFLOW_CONN_AWS_DEFAULT": "aws://"}
    done = subprocess.run(
        [str(python), str(PROGRAM), json.dumps(asked)],
        env={**environment, **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    answers: dict[str, Any] = json.loads(done.stdout.rpartition("ANSWERS ")[2])
    return answers
