"""What MWAA runs knows nothing of the toolkit: no import of it, no address of an emulator."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KIT = Path("plugins/typed_assets/testing")
"""What tests import, and nothing that runs: its messages may say what tests run against."""
BY_NAME = KIT / "parsing_child.py"
"""Imports the DAG file that it is given, which is its purpose."""
ADDRESSES = ("endpoint_url", "localhost", "127.0.0.1")
SHIPPED = sorted(
    path.relative_to(ROOT)
    for folder in ("dags", "plugins", "functions")
    for path in (ROOT / folder).rglob("*.py")
)
FORBIDDEN = {"mwaactl", "infra", "tests", "demo", "aws_cdk", "moto"}


def imported(path: Path) -> set[str]:
    """The top packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(), filename=str(path))):
        match node:
            case ast.Import(names=names):
                found |= {name.name.partition(".")[0] for name in names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.partition(".")[0])
            case ast.ImportFrom():
                pytest.fail(f"{path}: relative imports fail in the DAG folder")
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module")) if (
                path != BY_NAME
            ):
                pytest.fail(f"{path}: imports by name escape this guard")
    return found


def test_there_is_something_to_guard() -> None:
    assert {path.parts[0] for path in SHIPPED} == {"dags", "plugins", "functions"}


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_shipped_code_never_imports_the_toolkit(path: Path) -> None:
    assert imported(path) & FORBIDDEN == set()


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_shipped_code_names_no_endpoint(path: Path) -> None:
    text = (ROOT / path).read_text()
    words = ADDRESSES if path.is_relative_to(KIT) else ("emulator", *ADDRESSES)
    assert not any(word in text.lower() for word in words)


@pytest.mark.parametrize("path", [path for path in SHIPPED if path.parts[0] == "functions"], ids=str)
def test_functions_import_only_what_lambda_brings_along(path: Path) -> None:
    own = {neighbour.stem for neighbour in (ROOT / path).parent.glob("*.py")}
    allowed = own | set(sys.stdlib_module_names) | {"boto3", "botocore", "mypy_boto3_s3"}
    assert imported(path) - allowed == set()
