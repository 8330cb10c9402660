"""A statement of one attempt runs once, whoever asks twice; one that ended before is not the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from typed_assets.io.redshift_types import FoundColumn
from typed_assets.io.shared_tables import TableChange, run_beside_others
from typed_assets.io.sql_text import copy_role, identifier, literal
from typed_assets.io.statements import StatementError, Warehouse
from typed_assets.spec.errors import SpecError

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class DataApiInMemory:
    """The Data API: a ClientToken that is known gives the statement that it began, whatever became of it.

    Attributes:
        now: by the clock of the worker.
        ahead: by which the clock of AWS is ahead of it.
        answered: what the worker's process has had as answers.
    """

    now: datetime = START
    ahead: timedelta = timedelta()
    takes: int = 2
    error: str | None = None
    errors: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    begun: dict[str, dict[str, Any]] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    def execute_statement(self, *, ClientToken: str, **params: Any) -> dict[str, Any]:  # noqa: N803
        if self.refusals:
            code = self.refusals.pop(0)
            raise ClientError({"Error": {"Code": code, "Message": code}}, "ExecuteStatement")
        known = self.begun.get(ClientToken)
        if known is None:
            known = {
                "Id": f"s{len(self.begun)}",
                "CreatedAt": self.now + self.ahead,
                "looks": self.takes,
                "params": params,
            }
            known["error"] = self.errors.pop(0) if self.errors else self.error
            self.begun[ClientToken] = known
        date = format_datetime((self.now + self.ahead).replace(microsecond=0), usegmt=True)
        return {
            "Id": known["Id"],
            "CreatedAt": known["CreatedAt"],
            "ResponseMetadata": {"HTTPHeaders": {"date": date}},
        }

    batch_execute_statement = execute_statement

    def describe_statement(self, *, Id: str) -> dict[str, Any]:  # noqa: N803
        (found,) = (each for each in self.begun.values() if each["Id"] == Id)
        found["looks"] -= 1
        if found["looks"] > 0:
            return {"Id": Id, "Status": "STARTED"}
        if found["error"] is None:
            return {"Id": Id, "Status": "FINISHED"}
        parts = [{"Status": "FINISHED"}, {"Status": "FAILED"}]
        return {"Id": Id, "Status": "FAILED", "Error": found["error"], "SubStatements": parts}

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def warehouse(self, **options: Any) -> Warehouse:
        return Warehouse(
            client=self,
            workgroup="w",
            database="dev",
            sleep=self.sleep,
            now=lambda: self.now,
            answered=self.answered,
            **options,
        )


def test_a_statement_is_waited_for_with_growing_pauses() -> None:
    api = DataApiInMemory(takes=4)
    assert api.warehouse(secret_arn="arn:secret").run("SELECT 1", "t") == "s0"
    assert api.slept == [0.02, 0.03, 0.045]
    ((token, begun),) = api.begun.items()
    assert begun["params"] == {
        "WorkgroupName": "w",
        "Database": "dev",
        "SecretArn": "arn:secret",
        "Sql": "SELECT 1",
    }
    assert len(token) == 64


def test_a_try_that_comes_while_the_statement_still_runs_waits_for_it() -> None:
    api = DataApiInMemory(takes=3)
    assert api.warehouse().run("SELECT 1", "t") == "s0"
    (begun,) = api.begun.values()
    begun["looks"] = 3
    api.now += timedelta(minutes=5)
    assert api.warehouse().run("SELECT 1", "t") == "s0"


def test_a_statement_that_had_ended_before_is_run_again_with_a_token_that_follows_from_the_first() -> None:
    api = DataApiInMemory()
    for number in range(8):
        api.now += timedelta(minutes=5)
        assert api.warehouse().run("SELECT 1", "t") == f"s{number}"
    other = DataApiInMemory()
    for _ in range(8):
        other.now += timedelta(minutes=5)
        other.warehouse().run("SELECT 1", "t")
    assert list(other.begun)[:5] == list(api.begun)[:5]


def test_a_failure_of_an_earlier_try_is_not_told_again() -> None:
    api = DataApiInMemory(error="ERROR: disk full")
    with pytest.raises(StatementError) as caught:
        api.warehouse().batch(["CREATE TABLE a (n INT)", "INSERT INTO a VALUES (1)"], "t")
    assert caught.value.message == "ERROR: disk full"
    assert (caught.value.sql, caught.value.statement) == ("INSERT INTO a VALUES (1)", "s0")
    api.error = None
    api.now += timedelta(seconds=30)
    assert api.warehouse().batch(["CREATE TABLE a (n INT)", "INSERT INTO a VALUES (1)"], "t") == "s1"


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(minutes=-10)])
def test_a_worker_whose_clock_is_wrong_tells_its_own_statement_from_an_older_one(ahead: timedelta) -> None:
    api = DataApiInMemory(takes=1, ahead=ahead, now=START + timedelta(microseconds=999_500))
    assert api.warehouse().run("SELECT 1", "t") == "s0"
    api.answered.clear()  # another process
    api.now += timedelta(minutes=5)
    assert api.warehouse().run("SELECT 1", "t") == "s1"


def test_a_process_that_asks_again_in_the_same_second_is_not_given_the_old_answer() -> None:
    api = DataApiInMemory(takes=1)
    assert [api.warehouse().run("SELECT 1", "t") for _ in range(3)] == ["s0", "s1", "s2"]


def test_other_text_and_another_attempt_have_other_tokens() -> None:
    api = DataApiInMemory()
    for sql, token in (("SELECT 1", "t"), ("SELECT 2", "t"), ("SELECT 1", "u")):
        api.warehouse().run(sql, token)
    assert len(api.begun) == 3


def test_names_and_texts_cannot_leave_their_quotes() -> None:
    assert identifier('a"; DROP TABLE b; --') == '"a""; DROP TABLE b; --"'
    assert literal("it's \\' x") == "'it''s \\\\'' x'"
    for name in ("", "a\0b", "é" * 64):
        with pytest.raises(SpecError, match="cannot be a name in Redshift"):
            identifier(name)


def test_a_copy_has_a_role_and_nothing_else() -> None:
    arn = "arn:aws:iam::123456789012:role/copy"
    assert copy_role(arn) == f"IAM_ROLE '{arn}'"
    assert copy_role(f"{arn},{arn}2") == f"IAM_ROLE '{arn},{arn}2'"
    assert copy_role(None) == "IAM_ROLE default"
    for other in (f"{arn}' ACCESS_KEY_ID 'AKIA", "aws_access_key_id=AKIA;aws_secret_access_key=x", ""):
        with pytest.raises(SpecError, match="is not the ARN of a role"):
            copy_role(other)


def test_a_data_api_that_is_busy_is_asked_again_and_other_refusals_are_told() -> None:
    api = DataApiInMemory(takes=1, refusals=["ActiveStatementsExceededException", "ThrottlingException"])
    assert api.warehouse().run("SELECT 1", "t") == "s0"
    assert api.slept == [1.0, 2.0]
    api.refusals = ["AccessDeniedException"]
    with pytest.raises(ClientError, match="AccessDenied"):
        api.warehouse().run("SELECT 1", "u")
    api.refusals = ["ActiveStatementsExceededException"] * 15
    with pytest.raises(ClientError, match="ActiveStatementsExceeded"):
        api.warehouse().run("SELECT 1", "u")
    assert sum(api.slept) == 3 + 301


COLUMN = FoundColumn("a", "integer", None, 32, 0)


def test_a_transaction_that_others_were_in_the_way_of_is_run_again() -> None:
    api = DataApiInMemory(
        takes=1, errors=["ERROR: 1023 DETAIL: Serializable isolation violation on table"] * 2
    )
    change = TableChange([], ["DELETE FROM a"])
    run_beside_others(api.warehouse(), (COLUMN,), lambda: (COLUMN,), lambda _: change, "t")
    assert len(api.begun) == 3
    assert api.slept == [0.25, 0.5]


def test_other_errors_are_told_at_once_where_the_table_is_as_it_was() -> None:
    api = DataApiInMemory(takes=1, error="ERROR: disk full")
    with pytest.raises(StatementError, match="disk full"):
        run_beside_others(
            api.warehouse(), (COLUMN,), lambda: (COLUMN,), lambda _: TableChange([], ["DELETE FROM a"]), "t"
        )
    assert (len(api.begun), api.slept) == (1, [])


def test_what_follows_from_the_columns_follows_from_those_that_have_come_meanwhile() -> None:
    api = DataApiInMemory(takes=1, errors=['ERROR: column "a" already exists'])

    def change(there: tuple[FoundColumn, ...]) -> TableChange:
        return TableChange([] if there else ["ALTER TABLE t ADD COLUMN a INT"], ["INSERT INTO t SELECT 1"])

    run_beside_others(api.warehouse(), (), lambda: (COLUMN,), change, "t")
    assert [len(each["params"]["Sqls"]) for each in api.begun.values()] == [2, 1]
