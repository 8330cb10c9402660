"""The library is a wheel too: whole, with its own dependencies, and at home without the toolkit."""

import subprocess
import sys
import zipfile
from configparser import ConfigParser
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.airflow.runtimes import ROOT, runtime

LIBRARY = ROOT / "plugins" / "typed_assets"
DAG = """
import typed_assets
from typed_assets import asset, build, pipeline

with pipeline("flights") as flights:

    @asset(uri="s3://{data_bucket}/lake/carriers/")
    def lake__carriers(): ...

print(typed_assets.__file__)
print(sorted(build(flights).task_ids))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as its project says."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        check=True,
        cwd=ROOT / "packaging" / "typed_assets",
        capture_output=True,
    )
    (built,) = folder.iterdir()
    return built


def test_the_wheel_has_every_file_of_the_library(wheel: Path) -> None:
    files = {path.relative_to(LIBRARY.parent) for path in LIBRARY.rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        packed = {Path(name) for name in archive.namelist()}
    assert {file for file in files if "__pycache__" not in file.parts} <= packed


def test_the_wheel_asks_for_what_mwaa_has_and_not_for_airflow(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    assert metadata["Name"] == "typed-assets"
    required = metadata.get_all("Requires-Dist")
    assert required == ["boto3>=1.39", "pydantic>=2.11", "pyyaml>=6", "pyarrow>=18; extra == 'parquet'"]


def test_what_the_wheel_offers_to_others_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.namelist()
        (name,) = [each for each in packed if each.endswith("/entry_points.txt")]
        offered = ConfigParser()
        offered.read_string(archive.read(name).decode())
    places = {value.partition(":")[0] for group in offered.sections() for value in offered[group].values()}
    assert "typed_assets_plugin" in places
    for place in places:
        assert f"{place.replace('.', '/')}.py" in packed


def test_the_wheel_makes_dags_in_an_airflow_without_the_toolkit(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    done = subprocess.run(
        [str(runtime("3.3.1") / "bin" / "python"), "-c", DAG],
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "AIRFLOW_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-2:] == [
        str(tmp_path / "site" / "typed_assets" / "__init__.py"),
        "['lake__carriers.check', 'lake__carriers.write']",
    ], done.stderr
