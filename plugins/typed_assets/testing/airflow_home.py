"""An Airflow home for tests: a temporary folder, and a copy of a database that was migrated once.

`airflow db migrate` takes 5 to 7 seconds. The migrated database is kept in the user's cache, one for each
version of Airflow.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

HOME = "TYPED_ASSETS_TEST_HOME"
"""The environment variable that names the home which this module made."""
_DATABASE = "airflow.db"


def variables(home: Path) -> dict[str, str]:
    """Return the environment of an Airflow that lives in a folder and touches nothing else."""
    return {
        HOME: str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / _DATABASE}",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def ensure_database() -> None:
    """Put the migrated database into the home that this module made, if it is not there yet.

    Raises:
        RuntimeError: Airflow cannot migrate it.
    """
    home = os.environ.get(HOME)
    if home is None:
        return  # somebody else has made a home, and its database
    database = Path(home) / _DATABASE
    if not database.exists() or not database.stat().st_size:
        shutil.copyfile(_template(), database)


def _template() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "typed-assets"
    template = cache / f"airflow-{version('apache-airflow-core')}.db"
    if not template.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as folder:
            _migrate(Path(folder))
            (Path(folder) / _DATABASE).replace(template)  # complete, whoever else does the same
    return template


def _migrate(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **variables(home)},
    )
    if done.returncode != 0:
        message = f"`airflow db migrate` failed: {(done.stderr or done.stdout).strip()[-2000:]}"
        raise RuntimeError(message)
