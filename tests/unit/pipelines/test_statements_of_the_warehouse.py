"""Statements of the reference pipelines run as those of assets do: a busy Data API is waited for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from typed_assets.io import StatementError
from typed_assets.services import Services

OPTIONS = {"warehouse_workgroup": "w", "warehouse_database": "dev", "warehouse_secret_arn": "arn:secret"}


@dataclass
class DataApi:
    """A Data API that is busy at first, and then takes some looks to end a batch."""

    busy: int = 0
    error: str | None = None
    began: list[dict[str, Any]] = field(default_factory=list)
    looks: int = 2

    def batch_execute_statement(self, **request: Any) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            code = "ActiveStatementsExceededException"
            raise ClientError({"Error": {"Code": code, "Message": code}}, "BatchExecuteStatement")
        self.began.append(request)
        return {"Id": f"{id(self)}-{len(self.began)}", "CreatedAt": datetime.now(UTC)}

    def describe_statement(self, *, Id: str) -> dict[str, Any]:  # noqa: N803
        self.looks -= 1
        if self.looks > 0:
            return {"Status": "STARTED"}
        sqls = self.began[-1]["Sqls"]
        last = "FAILED" if self.error else "FINISHED"
        parts = [
            {"Id": f"{Id}:{number}", "Status": last, "HasResultSet": sql.startswith("SELECT")}
            for number, sql in enumerate(sqls, 1)
        ]
        return {"Status": last, "Error": self.error, "SubStatements": parts}

    def get_paginator(self, _: str) -> Any:
        def paginate(*, Id: str) -> list[dict[str, Any]]:  # noqa: N803
            record = [{"longValue": int(Id.rpartition(":")[2])}, {"isNull": True}]
            return [{"ColumnMetadata": [{"name": "n"}, {"name": "none"}], "Records": [record]}]

        return SimpleNamespace(paginate=paginate)

    def services(self) -> Services:
        return Services(client={"redshift-data": self}.__getitem__, options=OPTIONS)


def test_each_statement_has_its_rows_and_a_busy_data_api_is_waited_for(
    reference: Callable[[str], Any],
) -> None:
    api, slept = DataApi(busy=2), list[float]()

    found = reference("warehouse").run(api.services(), "DELETE FROM t", "SELECT 1", sleep=slept.append)

    assert found == [[], [{"n": 2, "none": None}]]
    [request] = api.began
    assert (request["WorkgroupName"], request["Database"], request["SecretArn"]) == ("w", "dev", "arn:secret")
    assert slept[:2] == [1.0, 2.0]


def test_the_same_statements_are_run_again_where_they_are_asked_for_again(
    reference: Callable[[str], Any],
) -> None:
    api = DataApi()
    for _ in range(2):
        reference("warehouse").run(api.services(), "INSERT INTO t SELECT 1", sleep=lambda _: None)

    first, second = (each["ClientToken"] for each in api.began)
    assert first != second


def test_a_statement_that_fails_says_what_the_warehouse_has_said(reference: Callable[[str], Any]) -> None:
    api = DataApi(error="ERROR: relation t does not exist")

    with pytest.raises(StatementError, match="relation t does not exist"):
        reference("warehouse").run(api.services(), "SELECT * FROM t", sleep=lambda _: None)
