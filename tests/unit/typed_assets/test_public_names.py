"""The names that DAG files import are all there, and cost what they need and no more."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import typed_assets

PACKAGE = Path(typed_assets.__file__)
LOOK = """
import sys
from typed_assets import Asset, Column, Contract, Daily, OnCron, Sql
from typed_assets import asset, build, multi_asset, operator, pipeline
heavy = {"airflow", "boto3", "botocore", "pydantic", "yaml", "typed_assets.io", "typed_assets.audit"}
print(sorted(heavy & set(sys.modules)))
"""


def test_every_public_name_can_be_imported() -> None:
    assert sorted(typed_assets.__all__) == dir(typed_assets) == sorted(typed_assets._MODULES)
    for name in typed_assets.__all__:
        assert getattr(typed_assets, name) is not None
    with pytest.raises(AttributeError, match="has no attribute `assets`"):
        _ = typed_assets.assets


def test_type_checkers_see_the_same_names_at_the_same_places() -> None:
    tree = ast.parse(PACKAGE.read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == typed_assets._MODULES


def test_to_write_a_pipeline_neither_airflow_nor_boto3_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PACKAGE.parents[1])},
    )
    assert done.stdout == "[]\n"
