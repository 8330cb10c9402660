"""The statement operations of the `redshift-data` API."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.connections import Connection
from mwaactl.emulator.warehouse.faults import StatementFailed, invalid, missing
from mwaactl.emulator.warehouse.paging import page, position, token_at
from mwaactl.emulator.warehouse.sessions import Loads, Session
from mwaactl.emulator.warehouse.sql.load_options import masked
from mwaactl.emulator.warehouse.sql.statement_text import parameter_names
from mwaactl.emulator.warehouse.statements import Part, Request, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.warehouse.connections import Connections
    from mwaactl.emulator.warehouse.databases import Databases
    from mwaactl.emulator.warehouse.protocol import Operation
    from mwaactl.emulator.warehouse.runner import StatementRunner
    from mwaactl.emulator.warehouse.session_registry import SessionRegistry
    from mwaactl.emulator.warehouse.statements import Statements

type Params = dict[str, Any]
_MAX_SQL_BYTES = 100 * 1024


class DataApi:
    """Submits, describes, lists and cancels statements, and reads results."""

    def __init__(
        self,
        connections: Connections,
        databases: Databases,
        sessions: SessionRegistry,
        statements: Statements,
        runner: StatementRunner,
        loads: Loads,
    ) -> None:
        self._connections = connections
        self._databases = databases
        self._sessions = sessions
        self._statements = statements
        self._runner = runner
        self._loads = loads

    def operations(self) -> Mapping[str, Operation]:
        """Return what answers each operation."""
        return {
            "ExecuteStatement": lambda p, r: self._submit(p, r, (p["Sql"],), batch=False),
            "BatchExecuteStatement": lambda p, r: self._submit(p, r, tuple(p["Sqls"]), batch=True),
            "DescribeStatement": self._describe,
            "GetStatementResult": lambda p, _: self._result(p, "JSON"),
            "GetStatementResultV2": lambda p, _: self._result(p, "CSV"),
            "ListStatements": self._list,
            "CancelStatement": self._cancel,
        }

    def _submit(self, params: Params, region: str, sqls: tuple[str, ...], *, batch: bool) -> Params:
        _check(params, sqls)
        session = self._claimed(params)
        try:
            connection = _of_session(session) if session else self._connections.open(params, region)
            request = _request(params, region, sqls, connection, batch=batch)
            statement, new = self._statements.submit(request, params.get("ClientToken"))
        except Exception:
            if session:
                session.busy = False
            raise
        if new:
            statement = self._start(statement, connection, session, params)
        elif session:
            session.busy = False
        if "WaitTimeSeconds" in params:
            statement = self._statements.wait(statement.key, params["WaitTimeSeconds"])
        return _submitted(statement)

    def _claimed(self, params: Params) -> Session | None:
        if "SessionId" not in params:
            return None
        if params.keys() & {"WorkgroupName", "Database", "SecretArn", "DbUser", "ClusterIdentifier"}:
            message = "SessionId can't be combined with WorkgroupName, Database or SecretArn."
            raise invalid(message)
        return self._sessions.claim(params["SessionId"], params.get("SessionKeepAliveSeconds"))

    def _start(
        self, statement: Statement, connection: Connection, session: Session | None, params: Params
    ) -> Statement:
        if not connection.database_exists:
            error = f'FATAL: database "{connection.database}" does not exist'
            return self._statements.change(statement.key, lambda s: replace(s, status="FAILED", error=error))
        if session is None:
            database = self._databases.open(connection.namespace)
            keep = int(params.get("SessionKeepAliveSeconds", 0))
            session = Session(database, connection.namespace, self._loads, keep)
            session.busy = True
            if keep:
                self._sessions.keep(session)
        if session.keep_alive:
            kept = session.session_id
            statement = self._statements.change(statement.key, lambda s: replace(s, session_id=kept))
        self._runner.start(statement, session)
        return statement

    def _describe(self, params: Params, region: str) -> Params:
        statement = self._statement(params, region)
        if "WaitTimeSeconds" in params:
            statement = self._statements.wait(statement.key, params["WaitTimeSeconds"])
        return _described(statement, _part(statement, params["Id"]))

    def _statement(self, params: Params, region: str) -> Statement:
        statement = self._statements.get(params["Id"])
        if statement.request.region != region:
            message = "Query does not exist."
            raise missing(message)
        return statement

    def _result(self, params: Params, form: str) -> Params:
        statement = self._statements.get(params["Id"])
        if "WaitTimeSeconds" in params:
            statement = self._statements.wait(statement.key, params["WaitTimeSeconds"])
        if statement.request.result_format != form:
            operation = "GetStatementResult" if form == "CSV" else "GetStatementResultV2"
            message = f"The result's format is {statement.request.result_format}: use {operation}."
            raise invalid(message)
        part = _part(statement, params["Id"])
        if statement.status != "FINISHED" or part.result is None:
            message = "Query does not have result. Please check query status with DescribeStatement."
            raise missing(message)
        return self._page(part, params, form)

    def _page(self, part: Part, params: Params, form: str) -> Params:
        number = position(params.get("NextToken"))
        stored = part.result
        if stored is None or (number and number >= stored.pages):
            message = "The value for the NextToken parameter is not valid."
            raise invalid(message)
        text = self._statements.results.page(part.key, number) if stored.pages else ""
        json_records = json.loads(text or "[]") if form == "JSON" else [{"CSVRecords": text}]
        answer = {
            "Records": json_records,
            "ColumnMetadata": [column.to_wire() for column in stored.columns],
            "TotalNumRows": stored.rows,
            "NextToken": token_at(number + 1) if number + 1 < stored.pages else None,
        }
        return answer if form == "JSON" else answer | {"ResultFormat": form}

    def _list(self, params: Params, region: str) -> Params:
        status, name = params.get("Status", "ALL"), params.get("StatementName", "")
        found = [
            item
            for item in self._statements.list(region)
            if status in {"ALL", item.status}
            and (item.request.name or "").startswith(name)
            and params.get("WorkgroupName", item.request.workgroup) == item.request.workgroup
            and params.get("Database", item.request.database) == item.request.database
        ]
        items, token = page(found, params.get("NextToken"), params.get("MaxResults") or 100)
        return {"Statements": [_listed(item) for item in items], "NextToken": token}

    def _cancel(self, params: Params, region: str) -> Params:
        statement = self._statement(params, region)
        if not self._runner.cancel(statement.key):
            message = f"Could not cancel a query that is already in {statement.status} state"
            raise invalid(message)
        return {"Status": True}


def _check(params: Params, sqls: tuple[str, ...]) -> None:
    if params.get("WithEvent"):
        message = "the emulator does not model WithEvent: poll DescribeStatement"
        raise invalid(message)
    if sum(len(sql.encode()) for sql in sqls) > _MAX_SQL_BYTES:
        message = "Query string exceeds the limit of 100 KB."
        raise invalid(message)
    given = {item["name"] for item in params.get("Parameters", ())}
    try:
        used = set().union(*(parameter_names(sql) for sql in sqls)) if given else set()
    except StatementFailed as error:
        raise invalid(str(error)) from error
    unused = sorted(given - used)
    if unused:
        message = f"Parameters list contains unused parameters. Unused parameters: {unused}"
        raise invalid(message)


def _of_session(session: Session) -> Connection:
    return Connection("", session.namespace, session.database_name, None)


def _request(
    params: Params, region: str, sqls: tuple[str, ...], connection: Connection, *, batch: bool
) -> Request:
    return Request(
        sqls=sqls,
        workgroup=connection.workgroup,
        database=connection.database,
        batch=batch,
        secret_arn=connection.secret_arn,
        name=params.get("StatementName"),
        parameters=tuple((item["name"], item["value"]) for item in params.get("Parameters", ())),
        result_format=params.get("ResultFormat", "JSON"),
        execution_mode=params.get("ExecutionMode", "TRANSACTION"),
        region=region,
    )


def _part(statement: Statement, key: str) -> Part:
    """Return the part that an id names; a batch's own id names none of them."""
    found = next((part for part in statement.parts if part.key == key), None)
    if found is None and key != statement.key:
        message = "Query does not exist."
        raise missing(message)
    return found or Part(statement.key, ";".join(part.sql for part in statement.parts), statement.status)


def _common(statement: Statement) -> Params:
    request = statement.request
    return {
        "SecretArn": request.secret_arn,
        "SessionId": statement.session_id,
    }


def _submitted(statement: Statement) -> Params:
    request = statement.request
    return _common(statement) | {
        "Id": statement.key,
        "CreatedAt": statement.created,
        "Database": request.database,
        "WorkgroupName": request.workgroup or None,
        "Status": statement.status,
        "HasResultSet": any(part.result for part in statement.parts) if statement.ended else None,
    }


def _described(statement: Statement, part: Part) -> Params:
    request = statement.request
    whole = part.key == statement.key
    answer = _common(statement) | part.to_wire()
    answer |= {"Database": request.database, "WorkgroupName": request.workgroup or None}
    answer |= {"ResultFormat": request.result_format, "QueryParameters": _parameters(request)}
    if whole:
        answer |= {"Status": statement.status, "Error": statement.error, "UpdatedAt": statement.updated}
    if whole and request.batch:
        answer |= _batch_facts(statement)
    return answer


def _batch_facts(statement: Statement) -> Params:
    parts = statement.parts
    last = parts[-1]
    return {
        "Duration": sum(part.duration for part in parts) or -1,
        "HasResultSet": any(part.result for part in parts),
        "ResultRows": last.rows,
        "ResultSize": last.result.size if last.result else -1,
        "RedshiftQueryId": last.query_id or -1,
        "SubStatements": [part.to_wire() for part in parts],
        "ExecutionMode": statement.request.execution_mode,
    }


def _parameters(request: Request) -> list[Params] | None:
    return [{"name": name, "value": value} for name, value in request.parameters] or None


def _listed(statement: Statement) -> Params:
    request = statement.request
    sqls = [masked(sql) for sql in request.sqls]
    return _common(statement) | {
        "Id": statement.key,
        "QueryString": sqls[0],
        "QueryStrings": sqls if request.batch else None,
        "Status": statement.status,
        "StatementName": request.name,
        "CreatedAt": statement.created,
        "UpdatedAt": statement.updated,
        "QueryParameters": _parameters(request),
        "IsBatchStatement": request.batch,
        "ResultFormat": request.result_format,
    }
