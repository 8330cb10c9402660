"""Assets that SQL makes, on services in the test's own process: the guide's test, and a refusal."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mwaactl.emulator.services_for_tests import emulated_services
from typed_assets import Column, ColumnType, Contract, Sql, asset
from typed_assets.services import Services
from typed_assets.testing import materialize

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "test-pipelines.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
MART = "redshift://{warehouse_workgroup}/{warehouse_database}/mart/"


def guides(file: str) -> dict[str, Any]:
    """The names that a file of the guide defines."""
    (code,) = (block for block in BLOCKS if block.startswith(f"# {file}\n") and "on_aws" in block)
    names: dict[str, Any] = {"__name__": "guide"}
    exec(compile(code, str(GUIDE), "exec"), names)  # noqa: S102 - the repository's own page
    return names


@pytest.fixture(scope="module")
def on_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with emulated_services(tmp_path_factory.mktemp("aws")) as aws:
        yield Services(client=aws.client, options=aws.warehouse("tests"))


def test_the_guides_test_passes_on_the_guides_fixture(on_aws: Services) -> None:
    assert guides("tests/conftest.py")["emulated_services"] is emulated_services
    guides("tests/test_delays.py")["test_a_mean_is_made_by_the_warehouse"](on_aws)


def test_sql_checks_what_sql_has_made(on_aws: Services) -> None:
    contract = Contract(columns=(Column(name="latest", type=ColumnType.INTEGER, maximum=60),))

    @asset(name="raw.late", uri=f"{MART}raw_late")
    def raw() -> Any:
        return [{"delay": 1000}]

    @asset(name="mart.late", uri=f"{MART}late", contract=contract, upstream=[raw])
    def late() -> Sql:
        return Sql("SELECT max(delay)::int AS latest FROM {raw.late}")

    result = materialize([raw, late], services=on_aws)

    assert result.states == {"raw.late": "published", "mart.late": "refused"}
    assert result.checks("mart.late")["latest.range"].violations == 1
