"""Reads the demo's table back from the warehouse through the Redshift Data API."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_redshift_data import RedshiftDataAPIServiceClient

FLIGHTS_PER_CARRIER = "SELECT carrier, flights FROM mart.delay_by_carrier ORDER BY carrier"
FINAL = frozenset({"FINISHED", "FAILED", "ABORTED"})
POLL_SECONDS = 0.2


class QueryFailedError(Exception):
    """The warehouse refused the query of the demo."""


def flights_per_carrier(
    client: "RedshiftDataAPIServiceClient", *, workgroup: str, database: str
) -> dict[str, int]:
    """Return the number of flights of each carrier, as the published mart has them.

    Raises:
        QueryFailedError: the statement failed; the message is the warehouse's.
    """
    started = client.execute_statement(WorkgroupName=workgroup, Database=database, Sql=FLIGHTS_PER_CARRIER)
    while (state := client.describe_statement(Id=started["Id"]))["Status"] not in FINAL:
        time.sleep(POLL_SECONDS)
    if state["Status"] != "FINISHED":
        raise QueryFailedError(state.get("Error", state["Status"]))
    rows = client.get_statement_result(Id=started["Id"])["Records"]
    return {row[0]["stringValue"]: row[1]["longValue"] for row in rows}
