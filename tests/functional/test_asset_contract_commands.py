from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.catalogue import asset_extra, describe
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.odcs import to_odcs
from typed_assets.yaml.conversion import contract
from typed_assets.yaml.models import ContractModel

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

CONTRACT = Contract(
    columns=(Column(name="carrier", type=ColumnType.TEXT, max_bytes=2),), keys=(("carrier",),)
)
DELAYS = Asset(
    name="mart.delays",
    uri="s3://b/d/",
    description="Delays by carrier",
    contract=CONTRACT,
    upstream=(Dependency("raw.flights"),),
)
PLAIN = Asset(name="raw.flights", uri="s3://b/f/")


def told(asset: Asset) -> dict[str, Any]:
    return {"id": 1, "name": asset.name, "uri": asset.uri, "extra": asset_extra(asset)}


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    assert mwaactl("deploy").code == 0
    other = {"id": 3, "name": "other", "uri": "s3://b/o/", "extra": {"a": 1}}
    mwaactl.aws.airflow.assets = [told(DELAYS), told(PLAIN), other]
    return mwaactl


# mwaactl asset contract export mart.delays; mwaactl asset contract import delays.odcs.yaml
def test_a_deployed_contract_is_exported_and_read_again(deployed: CommandLine) -> None:
    result = deployed("asset", "contract", "export", "mart.delays", "--version", "2.0.0")
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        "apiVersion: v3.1.0\nkind: DataContract\nid: mart.delays\nname: mart.delays\nversion: 2.0.0\n"
        "status: active\ndescription:\n  purpose: Delays by carrier\nschema:\n- name: mart.delays\n"
    )
    deployed.write("delays.odcs.yaml", result.stdout)
    result = deployed("asset", "contract", "import", str(deployed.root / "delays.odcs.yaml"))
    assert result.code == 0
    assert result.stdout == (
        "contract:\n  columns:\n  - name: carrier\n    type: text\n    max_bytes: 2\n  keys:\n  - - carrier\n"
    )


def test_what_is_imported_is_a_contract_of_a_yaml_pipeline(deployed: CommandLine) -> None:
    day = Column(
        name="day", type=ColumnType.DATE, nullable=True, minimum="2013-01-01", severity=Severity.WARN
    )
    whole = Contract(
        columns=(CONTRACT.columns[0], day),
        keys=(("carrier", "day"),),
        rows=RowCount(maximum=9, severity=Severity.WARN),
        fresh=FreshData(column="day", within=timedelta(days=2, hours=1)),
        rules=(SqlRule(name="none", sql="SELECT 0 FROM {table}"),),
        closed=True,
    )
    deployed.write("whole.yaml", to_odcs(whole, name="x"))
    result = deployed("asset", "contract", "import", str(deployed.root / "whole.yaml"))
    told = yaml.safe_load(result.stdout)["contract"]
    assert told["fresh"]["within"] == "2d1h"
    assert contract(ContractModel.model_validate(told)) == whole


def test_what_has_no_contract_is_told(deployed: CommandLine) -> None:
    result = deployed("asset", "contract", "export", "mart.delay")
    assert (result.code, result.stderr) == (
        1,
        "error: there is no asset `mart.delay`\n\nhint: did you mean `mart.delays`?\n",
    )
    result = deployed("asset", "contract", "export", "raw.flights")
    assert (result.code, result.stderr) == (1, "error: asset `raw.flights` has no contract\n")


def test_what_a_contract_cannot_say_is_told_with_the_file(deployed: CommandLine) -> None:
    deployed.write("x.yaml", "apiVersion: v3.1.0\nkind: DataContract\nschema:\n- name: t\n  properties:\n"
                   "  - {name: a, logicalType: array}\n")  # fmt: skip
    path = str(deployed.root / "x.yaml")
    result = deployed("asset", "contract", "import", path, "--json")
    assert result.code == 1
    error = json.loads(result.stdout or result.stderr)
    assert error["error"] == f"`{path}`: a contract cannot say `logicalType: array` of `a`"


def test_a_file_that_is_not_there_is_told(mwaactl: CommandLine) -> None:
    result = mwaactl("asset", "contract", "import", "none.yaml")
    assert (result.code, result.stderr) == (
        1,
        "error: `none.yaml` cannot be read: No such file or directory\n",
    )


# mwaactl asset contract lock
def test_deployed_contracts_are_locked_and_exported_without_asking(deployed: CommandLine) -> None:
    result = deployed("asset", "contract", "lock")
    assert (result.code, result.stdout) == (0, "contracts.lock.json: 1 contract\n")
    lock = json.loads((deployed.root / "contracts.lock.json").read_text())
    assert list(lock["assets"]) == ["mart.delays"]
    assert lock["assets"]["mart.delays"]["upstream"][0]["asset"] == "raw.flights"
    deployed.aws.airflow.assets = []
    output = deployed.root / "delays.odcs.yaml"
    result = deployed("asset", "contract", "export", "mart.delays", "--locked", "-o", str(output))
    assert (result.code, result.stdout) == (0, "")
    assert "maxBytes" in output.read_text()


def test_a_contract_that_may_break_is_left_out_of_the_lock(deployed: CommandLine) -> None:
    result = deployed("asset", "contract", "lock", "--without", "mart.delays", "--json")
    assert json.loads(result.stdout) == {"file": "contracts.lock.json", "assets": []}
    lock = json.loads((deployed.root / "contracts.lock.json").read_text())
    assert lock == {"format": 1, "assets": {}, "may_break": ["mart.delays"]}


def test_an_asset_that_is_not_there_cannot_be_left_out(deployed: CommandLine) -> None:
    result = deployed("asset", "contract", "lock", "--without", "mart.delay")
    assert (result.code, result.stderr) == (
        1,
        "error: there is no asset `mart.delay`\n\nhint: did you mean `mart.delays`?\n",
    )
    assert not (deployed.root / "contracts.lock.json").exists()


REASON = (
    "the pattern of column `carrier` means another thing in Redshift than on S3 (write classes of "
    "characters out, such as `[A-Za-z]`)"
)
LEFT_OUT = f"deployed asset `mart.delays` is left out, because it cannot be read: {REASON}\n"


@pytest.fixture
def of_another_version(deployed: CommandLine) -> CommandLine:
    """A version has deployed a pattern that this one refuses."""
    declared = told(DELAYS)
    declared["extra"]["typed_assets"]["contract"]["columns"][0]["pattern"] = "[[:alpha:]]+"
    deployed.aws.airflow.assets = [declared, told(PLAIN)]
    return deployed


# mwaactl asset contract lock; mwaactl asset contract export
def test_a_lock_is_not_written_without_an_asset_that_cannot_be_read(of_another_version: CommandLine) -> None:
    result = of_another_version("asset", "contract", "lock")
    assert (result.code, result.stdout) == (1, "")
    assert result.stderr == (
        f"{LEFT_OUT}error: a lock without `mart.delays` would let its contract break: it cannot be read\n\n"
        "hint: use the version of mwaactl that has deployed it, or let it break: `--without mart.delays`\n"
    )
    assert not (of_another_version.root / "contracts.lock.json").exists()
    result = of_another_version("asset", "contract", "lock", "--without", "mart.delays")
    assert (result.code, result.stderr) == (0, LEFT_OUT)
    lock = json.loads((of_another_version.root / "contracts.lock.json").read_text())
    assert lock == {"format": 1, "assets": {}, "may_break": ["mart.delays"]}


def test_an_asset_that_cannot_be_read_is_there_all_the_same(of_another_version: CommandLine) -> None:
    result = of_another_version("asset", "contract", "export", "mart.delays")
    assert (result.code, result.stderr) == (
        1,
        f"{LEFT_OUT}error: asset `mart.delays` cannot be read: {REASON}\n",
    )


# mwaactl check --deployed; mwaactl plan --parse
def test_what_cannot_be_compared_is_told(of_another_version: CommandLine) -> None:
    result = of_another_version("check", "--deployed")
    assert (result.code, LEFT_OUT in result.stderr) == (0, True)
    result = of_another_version("plan", "--parse")
    assert LEFT_OUT in result.stderr


def test_while_an_environment_changes_contracts_are_not_compared_and_that_is_told(
    deployed: CommandLine,
) -> None:
    present = deployed.aws.environments.environment
    assert present is not None
    deployed.aws.environments.environment = replace(present, status="UPDATING")
    result = deployed("plan", "--parse")
    assert (
        "contracts are not compared with what is deployed: environment `flights-local` is UPDATING, MWAA "
        "builds new containers beside those that run, which takes 20 to 30 minutes\n"
    ) in result.stderr
    deployed.aws.environments.environment = present
    assert "are not compared" not in deployed("plan", "--parse").stderr


# mwaactl check --deployed; mwaactl asset contract lock; mwaactl asset contract export
@pytest.mark.parametrize(
    "command",
    [("check", "--deployed"), ("asset", "contract", "lock"), ("asset", "contract", "export", "mart.delays")],
)
def test_an_environment_that_changes_is_not_asked_for_contracts(
    deployed: CommandLine, command: tuple[str, ...]
) -> None:
    present = deployed.aws.environments.environment
    assert present is not None
    deployed.aws.environments.environment = replace(present, status="UPDATING")
    deployed.aws.airflow.calls.clear()
    result = deployed(*command)
    assert (result.code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: environment `flights-local` is UPDATING, MWAA builds new containers beside those that run, "
        "which takes 20 to 30 minutes\n\nhint: try again when it is AVAILABLE\n"
    )
    assert deployed.aws.airflow.calls == []


# mwaactl check --deployed; mwaactl plan --parse; mwaactl deploy --parse
def test_a_change_that_breaks_a_reader_of_what_runs_is_not_shipped(deployed: CommandLine) -> None:
    report = Asset(name="mart.report", uri="s3://b/r/", upstream=(Dependency("mart.delays"),))
    carrier = replace(CONTRACT.columns[0], nullable=True)
    loose = replace(DELAYS, contract=replace(CONTRACT, columns=(carrier,)))
    deployed.write("dags/flights.py", "from airflow.sdk import DAG\n\nNAME = 'mart.delays'\nDAG('flights')\n")
    dag = {"id": "flights", "tasks": 0, "times": 1, "notable": []}
    told = {"dags": [dag], "assets": [describe(loose), describe(report)]}
    deployed.checks.driver.found["flights.py"] = told
    assert deployed("check").code == 0, "nothing is locked, and nobody asks what runs"
    found = (
        "the contract of `mart.delays` breaks what is deployed: column carrier: a value may be missing, and "
        "`mart.report` reads it"
    )
    result = deployed("check", "--deployed")
    assert result.code == 1
    assert f"dags/flights.py:3: error: {found} [contract-break]\n" in result.stdout
    assert "leave it out of the lock: `mwaactl asset contract lock --without mart.delays`" in result.stdout
    for command in ("plan", "deploy"):
        result = deployed(command, "--parse")
        assert result.code == 1
        assert found in result.stderr
        assert "nothing was written" in result.stderr
    assert deployed("plan").code == 0, "without Airflow nobody knows the contracts of the tree"
    assert deployed("asset", "contract", "lock", "--without", "mart.delays").code == 0
    assert deployed("check", "--deployed").code == 0
    assert deployed("deploy", "--parse").code == 0


def test_what_runs_is_not_compared_where_nothing_runs_yet(mwaactl: CommandLine) -> None:
    assert mwaactl("deploy", "--parse").code == 0
    result = mwaactl("check", "--static", "--deployed")
    assert result.code == 2
    assert "--deployed compares what Airflow parses, which --static leaves out" in result.stderr


def test_checking_against_what_runs_needs_something_that_runs(mwaactl: CommandLine) -> None:
    result = mwaactl("check", "--deployed")
    assert result.code == 1
    assert "environment `flights-local` does not exist" in result.stderr
