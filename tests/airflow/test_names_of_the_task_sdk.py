"""The table of what only later versions have, beside these versions: their files are read, not run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaactl.catalog.airflow_features import airflow_features
from mwaactl.catalog.versions import version_key
from tests.airflow.runtimes import VERSIONS, runtime

NEWEST, MIDDLE, OLDEST = VERSIONS
INSIDE = {"api", "execution_time"}
"""What Airflow's own processes use."""


def names_in(version: str) -> frozenset[str]:
    """What `airflow.sdk` exports, its modules, and its exceptions."""
    sdk = next(runtime(version).glob("lib/python*/site-packages/airflow/sdk"))
    found = {*exported(sdk / "__init__.py"), *modules(sdk), *exceptions(sdk / "exceptions.py")}
    return frozenset(f"airflow.sdk.{name}" for name in found if not name.startswith("_"))


def exported(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_bytes()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield from ast.literal_eval(node.value)


def modules(sdk: Path) -> Iterator[str]:
    for file in sdk.rglob("*.py"):
        parts = file.relative_to(sdk).with_suffix("").parts
        module = parts[:-1] if parts[-1] == "__init__" else parts
        if module and module[0] not in INSIDE and not any(part.startswith("_") for part in module):
            yield ".".join(module)


def exceptions(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_bytes()).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield f"exceptions.{node.name}"


def known_with(name: str, earlier: str, later: str) -> bool:
    since = airflow_features().since(name)
    return since is not None and version_key(earlier) < since <= version_key(later)


@pytest.mark.parametrize(("earlier", "later"), [(OLDEST, MIDDLE), (MIDDLE, NEWEST)])
def test_what_a_version_adds_is_known(earlier: str, later: str) -> None:
    added = names_in(later) - names_in(earlier)
    assert len(added) > 20
    assert {name for name in added if not known_with(name, earlier, later)} == set()


def test_what_every_version_has_is_told_of_none() -> None:
    assert {name for name in names_in(OLDEST) if airflow_features().since(name) is not None} == set()


def test_the_table_has_no_other_names_of_it() -> None:
    table = {name for name in airflow_features().names if name.startswith("airflow.sdk.")}
    assert table <= names_in(NEWEST)
