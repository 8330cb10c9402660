"""Statements in a warehouse, through the Redshift Data API: no connection, no network path, no password.

https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from typed_assets.io.errors import DataError
from typed_assets.services import Services
from typed_assets.spec.locations import RedshiftTable

_ENDED = frozenset({"FINISHED", "FAILED", "ABORTED"})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 2.0  # seconds
_REPLAYS = 5
MOST_STATEMENTS = 40
"""In one batch.

https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
"""
MOST_SQL = 100 * 1024
"""Bytes of the text of a statement, or of all of a batch.

https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html
"""
_BUSY = frozenset({"ActiveStatementsExceededException", "ThrottlingException", "TooManyRequestsException"})
_BUSY_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, *[30.0] * 9)
"""Seconds between calls that find the Data API busy: five minutes in all, besides botocore's own attempts."""
_CONFLICTS = ("1023", "serializable isolation violation", "conflict with concurrent transaction")
_SECRET = "warehouse_secret_arn"  # noqa: S105 - the name of an option
_ANSWERED = set[str]()
"""Ids of the statements that this process has been given as answers."""

type Field = str | int | float | bool | None


class StatementError(DataError):
    """The warehouse refused a statement.

    Attributes:
        statement: its id in the Data API.
        sql: its text.
    """

    def __init__(self, error: str, *, statement: str, sql: str) -> None:
        self.statement, self.sql = statement, sql
        super().__init__(error, hint=f"statement {statement}: {' '.join(sql.split())[:200]}")

    @property
    def is_conflict(self) -> bool:
        """Whether another transaction was in the way: the statement may be run again."""
        return any(sign in self.message.lower() for sign in _CONFLICTS)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """A database of a workgroup.

    A statement gets a ClientToken that its text and the attempt's token determine: when the answer to a call
    is lost and the call repeated, or a task dies and its next try comes while the statement still runs, there
    is one statement, not two. One that had ended before is not taken for the answer: it ran on other data.

    Whether it had is told by its id, if this process has had it as an answer, and else by the Data API's own
    clock: `CreatedAt` is compared with the `Date` of the answer, which has whole seconds. The clock of this
    machine may be wrong.

    Attributes:
        client: boto3's client of `redshift-data`.
        sleep: waits between two looks at a statement.
        now: tells how long a call takes; and the time, where an answer has no `Date`.
        answered: ids of the statements that have been answers.
    """

    client: Any
    workgroup: str
    database: str
    secret_arn: str | None = None
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _now
    answered: set[str] = field(default_factory=lambda: _ANSWERED)

    def run(self, sql: str, token: str) -> str:
        """Run one statement to its end; returns its id.

        Raises:
            StatementError: the warehouse refused it.
        """
        return self._ended(self.client.execute_statement, {"Sql": sql}, token)

    def batch(self, sqls: list[str], token: str) -> str:
        """Run statements as one transaction to its end; returns its id.

        Raises:
            StatementError: the warehouse refused one of them, and did none.
        """
        return self._ended(self.client.batch_execute_statement, {"Sqls": sqls}, token)

    def rows(self, sql: str, parameters: Mapping[str, str] | None = None) -> Iterator[list[Field]]:
        """Run a query and yield its rows.

        Raises:
            StatementError: the warehouse refused it.
        """
        _check_size([sql])
        given = [{"name": name, "value": value} for name, value in (parameters or {}).items()]
        options: dict[str, Any] = {"Parameters": given} if given else {}
        answer = self._called(self.client.execute_statement, **self._where(), Sql=sql, **options)
        found = self._called(self.client.describe_statement, Id=answer["Id"])
        statement = self._waited(answer["Id"], found, [sql])
        pages = self.client.get_paginator("get_statement_result").paginate(Id=statement)
        for page in pages:
            for record in page["Records"]:
                yield [_value(field) for field in record]

    def _where(self) -> dict[str, str]:
        where = {"WorkgroupName": self.workgroup, "Database": self.database}
        return where if self.secret_arn is None else {**where, "SecretArn": self.secret_arn}

    def _ended(self, call: Callable[..., Any], options: dict[str, Any], token: str) -> str:
        sqls = options.get("Sqls") or [options["Sql"]]
        where = {**self._where(), **options}
        _check_size(sqls)
        for attempt in range(_REPLAYS + 1):
            seed = str(uuid4()) if attempt == _REPLAYS else str(attempt)
            began = self.now()
            answer = self._called(call, **where, ClientToken=client_token(token, sqls, seed))
            began = _by_aws(answer, began, self.now())
            found = self._called(self.client.describe_statement, Id=answer["Id"])
            older = answer["Id"] in self.answered or _moment(answer["CreatedAt"]) < began
            if not (found["Status"] in _ENDED and older):
                self.answered.add(answer["Id"])
                return self._waited(answer["Id"], found, sqls)
        message = "a ClientToken that nobody has used before cannot belong to an older statement"
        raise AssertionError(message)

    def _waited(self, statement: str, found: dict[str, Any], sqls: list[str]) -> str:
        pause = _FIRST_PAUSE
        while found["Status"] not in _ENDED:
            self.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            found = self._called(self.client.describe_statement, Id=statement)
        if found["Status"] != "FINISHED":
            raise StatementError(_reason(found), statement=statement, sql=_culprit(found, sqls))
        return statement

    def _called(self, call: Callable[..., Any], **words: Any) -> Any:  # noqa: ANN401 - the answer
        """Call the Data API; again after a pause where it is busy with other statements."""
        for pause in _BUSY_PAUSES:
            try:
                return call(**words)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _BUSY:
                    raise
            self.sleep(pause)
        return call(**words)


def warehouse_of(place: RedshiftTable, services: Services) -> Warehouse:
    """Return the warehouse that a table stands in."""
    return Warehouse(
        client=services.client("redshift-data"),
        workgroup=place.workgroup,
        database=place.database,
        secret_arn=services.options.get(_SECRET) or None,
    )


def _check_size(sqls: list[str]) -> None:
    size = sum(len(sql.encode()) for sql in sqls)
    if size > MOST_SQL:
        message = f"a statement of {size} bytes is too long: the Data API takes {MOST_SQL}"
        raise DataError(message, hint=f"it begins with {' '.join(sqls[-1].split())[:100]}")


def client_token(token: str, sqls: list[str], seed: str) -> str:
    """Return the ClientToken of a statement: at most 64 characters."""
    return hashlib.sha256("\0".join([token, seed, *sqls]).encode()).hexdigest()


def _by_aws(answer: Mapping[str, Any], began: datetime, ended: datetime) -> datetime:
    """Return when a call began, by the clock of the answer's `Date`; not later than it did.

    Without a `Date` it is the machine's own clock, in milliseconds as the Data API tells them.
    """
    told = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if told is None:
        return began.replace(microsecond=began.microsecond // 1000 * 1000)
    return parsedate_to_datetime(told) - (ended - began)


def _moment(created: datetime) -> datetime:
    return created.replace(tzinfo=UTC) if created.tzinfo is None else created


def _reason(found: Mapping[str, Any]) -> str:
    return str(found.get("Error") or f"the statement was {str(found['Status']).lower()}")


def _culprit(found: Mapping[str, Any], sqls: list[str]) -> str:
    """Return the SQL that failed; of a batch, the part that did."""
    for number, part in enumerate(found.get("SubStatements", ())):
        if part["Status"] == "FAILED" and number < len(sqls):
            return sqls[number]
    return sqls[0]


def _value(field: Mapping[str, Any]) -> Field:
    ((kind, value),) = field.items()
    known: Field = None if kind == "isNull" else value
    return known


def as_date(value: Field) -> date | datetime | None:
    """Return a date or a timestamp that a query gave as text."""
    if value is None:
        return None
    text = str(value)
    return datetime.fromisoformat(text) if ":" in text else date.fromisoformat(text)
