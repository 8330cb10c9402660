"""A change of a contract that breaks a reader of what is deployed is found before it is shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.findings import parsing_findings
from mwaactl.project.airflow_parsing.parse import parse_dags
from mwaactl.project.contract_lock import LOCK, ContractLock, lock_text, read_lock
from tests.fakes.scripted_driver import ENVIRONMENT
from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.catalogue import describe
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData
from typed_assets.spec.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.project.checks.finding import Finding
    from tests.fakes.scripted_driver import ParsedProject

CARRIER = Column(name="carrier", type=ColumnType.TEXT)
DELAYS = Asset(
    name="mart.delays",
    uri="s3://b/delays/",
    contract=Contract(columns=(CARRIER, Column(name="delay", type=ColumnType.FLOAT))),
)
REPORT = Asset(name="mart.report", uri="s3://b/report/", upstream=(Dependency("mart.delays"),))
LOOSE = replace(DELAYS, contract=Contract(columns=(replace(CARRIER, nullable=True),)))


def findings(
    project: ParsedProject, *assets: Asset, running: Mapping[str, Asset] | None = None
) -> list[Finding]:
    dag = {"id": "flights", "tasks": 0, "times": 1, "notable": []}
    project.driver.found["flights.py"] = {"dags": [dag], "assets": [describe(asset) for asset in assets]}
    project.driver.found["planes.py"] = {"dags": [{**dag, "id": "planes"}]}
    bundle = project.bundle()
    parsing = parse_dags(bundle, ENVIRONMENT, project.parser(keep=False))
    return list(parsing_findings(parsing, bundle, ENVIRONMENT, running))


def replaced(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    if not path:
        return new
    copied: Any = list(value) if isinstance(value, list) else dict(value)
    copied[path[0]] = replaced(value[path[0]], path[1:], new)
    return copied


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def test_whatever_a_dag_tells_of_an_asset_ends_no_check(project: ParsedProject) -> None:
    project.write(LOCK, lock_text([DELAYS]))
    column = replace(CARRIER, max_bytes=2, pattern="[A-Z]+", allowed=("AA",))
    fresh = FreshData(column="day", within=timedelta(days=2))
    contract = Contract(columns=(column, Column(name="day", type=ColumnType.DATE)), fresh=fresh)
    whole = describe(replace(DELAYS, contract=contract))
    odd = [None, 1, 1e308, True, "", [], [1], {}, {"a": 1}]
    told = [replaced(whole, path, value) for path in places(whole) if path for value in odd]
    bundle = project.bundle()
    parsing = parse_dags(bundle, ENVIRONMENT, project.parser(keep=False))
    for each in told:
        files = tuple(replace(facts, assets=(each,)) for facts in parsing.files)
        found = list(parsing_findings(replace(parsing, files=files), bundle, ENVIRONMENT))
        assert {finding.rule for finding in found} <= {"contract-break", "dag-missing"}
    assert len(told) > 100


def test_a_column_of_no_whole_number_of_bytes_is_refused() -> None:
    with pytest.raises(SpecError, match="`max_bytes` of column `carrier` must be a whole number above 0"):
        replace(CARRIER, max_bytes=0)


def test_without_a_lock_and_without_changes_there_is_nothing_to_say(project: ParsedProject) -> None:
    assert findings(project, LOOSE, REPORT) == []
    project.write(LOCK, lock_text([DELAYS, REPORT]))
    assert findings(project, DELAYS, REPORT) == []


def test_a_change_that_breaks_a_reader_is_an_error_at_the_asset(project: ParsedProject) -> None:
    project.write(LOCK, lock_text([DELAYS]))
    project.write("dags/flights.py", "from airflow.sdk import DAG\n\nNAME = 'mart.delays'\nDAG('flights')\n")
    found = findings(project, LOOSE, REPORT)
    assert [(each.rule, each.severity, each.path, each.line) for each in found] == [
        ("contract-break", "error", "dags/flights.py", 3)
    ] * 2
    start, end = (
        "the contract of `mart.delays` breaks what is deployed: column ",
        ", and `mart.report` reads it",
    )
    assert [each.message for each in found] == [
        f"{start}carrier: a value may be missing{end}",
        f"{start}delay: it is gone{end}",
    ]
    assert found[0].hint == (
        "once its readers are ready, leave it out of the lock: "
        "`mwaactl asset contract lock --without mart.delays`"
    )


def test_a_deployed_reader_counts_and_without_readers_it_is_a_warning(project: ParsedProject) -> None:
    locked = replace(REPORT, contract=Contract(columns=(CARRIER,)))
    project.write(LOCK, lock_text([DELAYS, locked]))
    assert {each.severity for each in findings(project, LOOSE, locked)} == {"error"}
    project.write(LOCK, lock_text([DELAYS]))
    assert {each.severity for each in findings(project, LOOSE)} == {"warning"}


def test_an_asset_or_a_contract_that_goes_while_it_is_read_breaks_too(project: ParsedProject) -> None:
    project.write(LOCK, lock_text([DELAYS]))
    (found,) = findings(project, replace(DELAYS, contract=None), REPORT)
    assert found.message.endswith("has no contract any more, and `mart.report` reads it")
    (found,) = findings(project, REPORT)
    assert (found.path, found.severity) == (LOCK, "error")
    assert "no DAG makes it any more, and `mart.report` reads it" in found.message
    assert findings(project) == []


def test_an_asset_of_yaml_is_told_where_it_stands(project: ParsedProject) -> None:
    project.write(LOCK, lock_text([DELAYS]))
    reader, maker = "steps:\n  - asset: {upstream: [mart.delays]}\n", "steps:\n  - asset:\n      name: "
    project.write("dags/pipelines/a.yaml", reader)
    project.write("dags/pipelines/b.yml", f"{maker}'mart.delays'  # made of flights\n")
    found = findings(project, LOOSE, REPORT)
    assert {(each.path, each.line) for each in found} == {("dags/pipelines/b.yml", 3)}


def test_what_runs_counts_before_the_lock_and_what_may_break_does_not(project: ParsedProject) -> None:
    project.write(LOCK, lock_text([]))
    running = {asset.name: asset for asset in (DELAYS, REPORT)}
    found = findings(project, LOOSE, REPORT, running=running)
    assert [each.severity for each in found] == ["error"] * 2
    (gone,) = findings(project, REPORT, running=running)
    assert (gone.path, gone.severity) == ("mwaactl.toml", "error")
    assert findings(project, LOOSE, REPORT, running={}) == []
    project.write(LOCK, lock_text([DELAYS], ["mart.delays"]))
    assert read_lock(project.bundle().root) == ContractLock({}, frozenset({"mart.delays"}))
    assert findings(project, LOOSE, REPORT, running=running) == []


@pytest.mark.parametrize(
    "text", ["{", '{"format": 2, "assets": {}}', '{"format": 1, "assets": {"a": {}}}', "[]"]
)
def test_a_lock_that_cannot_be_read_is_an_error(project: ParsedProject, text: str) -> None:
    project.write(LOCK, text)
    with pytest.raises(ProjectError, match=r"`contracts\.lock\.json` cannot be read"):
        read_lock(project.bundle().root)
