import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaactl.catalog.versions import airflow_versions, version_key
from mwaactl.project.airflow_parsing import driver

FILES = sorted(Path(str(driver.__file__)).parent.glob("*.py"))
OLDEST = min(version_key(each.python) for each in airflow_versions().values())


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_runs_on_the_oldest_python_with_airflow_alone(file: Path) -> None:
    assert OLDEST == (3, 11)
    tree = ast.parse(file.read_bytes(), feature_version=(3, 11))
    assert set(imported(tree)) <= {*sys.stdlib_module_names, "airflow"}


def test_there_are_files() -> None:
    assert {"main.py", "watch.py", "processes.py", "airflow_files.py"} < {file.name for file in FILES}
