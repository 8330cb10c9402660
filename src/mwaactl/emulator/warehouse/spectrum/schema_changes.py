"""Makes and drops external schemas, and their databases in Glue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.columns import quoted
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.spectrum.external_schemas import (
    ExternalSchema,
    external_schemas,
    forget,
    remember,
)
from mwaactl.emulator.warehouse.spectrum.glue_tables import glue_failure, glue_of
from mwaactl.emulator.warehouse.sql.external_statements import read_create_schema

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.sql.external_statements import DropSchemas


def create_schema(session: Session, sql: str) -> None:
    """Make an external schema, and its Glue database if the statement says so."""
    command = read_create_schema(sql)
    schema = ExternalSchema(command.name, command.database, command.roles, command.region)
    held = session.cursor.execute(
        "SELECT 1 FROM rs_catalog.information_schemata WHERE schema_name = ?", [schema.name]
    ).fetchone()
    if held and command.exists:
        return
    if held:
        message = f'ERROR: Schema "{schema.name}" already exists'
        raise StatementFailed(message)
    glue = glue_of(session, schema)  # fails if Redshift may not assume the role
    if command.makes_database:
        try:
            glue.create_database(DatabaseInput={"Name": schema.database})
        except ClientError as error:
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise glue_failure(error) from error
    session.cursor.execute(f"CREATE SCHEMA {quoted(schema.name)}")
    remember(session.cursor, schema)


def drop_schemas(session: Session, command: DropSchemas) -> bool:
    """Drop schemas that are all external; returns False, without a change, if none of them is."""
    known = external_schemas(session.cursor)
    external = [name for name in command.names if name in known]
    if not external and not command.database:
        return False
    others = sorted(set(command.names) - set(external))
    if others and not command.exists:
        message = f'ERROR: schema "{others[0]}" is not an external schema'
        raise StatementFailed(message)
    for name in external:
        if command.database:
            _drop_database(session, known[name], cascade=command.cascade)
        session.cursor.execute(f"DROP SCHEMA {quoted(name)}")
        forget(session.cursor, name)
    return True


def _drop_database(session: Session, schema: ExternalSchema, *, cascade: bool) -> None:
    glue = glue_of(session, schema)
    try:
        tables = glue.get_tables(DatabaseName=schema.database)["TableList"]
        if tables and not cascade:
            message = f"ERROR: Database {schema.database} is not empty. One or more tables exist."
            raise StatementFailed(message)
        for table in tables:
            glue.delete_table(DatabaseName=schema.database, Name=table["Name"])
        glue.delete_database(Name=schema.database)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise glue_failure(error) from error
