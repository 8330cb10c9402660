"""What files reach for while they are imported, which Airflow does for every file every 30 seconds."""

from collections.abc import Iterator

from mwaactl.project.airflow_parsing.facts import Access, FileFacts
from mwaactl.project.airflow_parsing.import_findings import stops_at
from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.checks.finding import Finding

_RULES = {
    "network": "dag-network",
    "variable": "dag-variable",
    "connection": "dag-connection",
    "database": "dag-database",
}


def access_findings(parsing: Parsing) -> Iterator[Finding]:
    """Reports network, variables, connections and the metadata database, each line once.

    They are warnings: on MWAA they are answered, at the price of a call for every file that Airflow parses.
    Only the database of Airflow 3 is not, and an import error says so.
    """
    stopped: dict[Access, bool] = {}
    for facts in parsing.files:
        for access in facts.accesses:
            if not _by_another_way(access, facts):
                stopped[access] = stopped.get(access, False) or stops_at(facts, access)
    for access, ends in stopped.items():
        yield Finding(
            _RULES[access.kind],
            "warning",
            access.path,
            access.line,
            _message(access, ends),
            _hint(access, ends),
        )


def _by_another_way(access: Access, facts: FileFacts) -> bool:
    """Whether a query of the database only looks for a variable or connection that is reported already."""
    return access.kind == "database" and any(
        other.kind in {"variable", "connection"} and (other.path, other.line) == (access.path, access.line)
        for other in facts.accesses
    )


def _message(access: Access, ends: bool) -> str:  # noqa: FBT001  one of two readings
    match access.kind:
        case "network":
            what = f"reaches for `{access.what}` over the network while it is imported"
        case "variable":
            what = f"reads the Airflow variable `{access.what}` while it is imported"
        case "connection":
            what = f"reads the Airflow connection `{access.what}` while it is imported"
        case "database":
            what = "uses Airflow's metadata database while it is imported"
    return f"{what}; the rest of the file was not checked" if ends else what


def _hint(access: Access, ends: bool) -> str:  # noqa: FBT001  one of two readings
    name = access.what.upper().replace("-", "_")
    match access.kind:
        case "variable":
            hint = f"use the template `{{{{ var.value.{access.what} }}}}`, or read it in a task"
            return f"{hint}; for the check, set AIRFLOW_VAR_{name}" if ends else hint
        case "connection":
            hint = "give its name to an operator or hook, which reads it in the task"
            return f"{hint}; for the check, set AIRFLOW_CONN_{name}" if ends else hint
        case _:
            return "do it in a task: Airflow imports the file every 30 seconds"
