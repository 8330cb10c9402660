"""Makes DAG folders of any size: of ten files eight are SQL, one is a module, one a DAG that imports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TEAM = 500
DAG_FILES = "report_*.py"
CONFIGURATION = """project = "bench"
default_environment = "local"

[environments.local]
account = "123456789012"
region = "us-east-1"
endpoint_url = "{endpoint}"
"""
SQL = """-- Statement {number}: what team {team} reports.
insert into reports.daily_{number} (day, carrier, flights, delayed, minutes)
select day, carrier, count(*), sum(case when arrival_delay > 15 then 1 else 0 end), sum(arrival_delay)
from landing.flights_{number}
where day >= date '2026-01-01' and carrier is not null
group by day, carrier;
"""
MODULE = '''"""Tables of step {number}."""

TABLES = tuple(f"landing.flights_{{each}}" for each in range({number}, {number} + 8))


def statement(name: str) -> str:
    """Return where a statement lies."""
    return f"sql/{{name}}.sql"
'''
DAG = '''"""Reports of step {number}."""

from __future__ import annotations

from datetime import datetime

from airflow.sdk import DAG, task

from team_{team:03}.module_{module:06} import TABLES, statement

with DAG(dag_id="report_{number:06}", schedule="@daily", start_date=datetime(2026, 1, 1), catchup=False):

    @task
    def load(table: str) -> str:
        """Load one table."""
        return statement(table)

    load.expand(table=list(TABLES))
'''


def make_project(root: Path, files: int, endpoint: str) -> None:
    """Write a project with so many files in its DAG folder; each time with the same content.

    Args:
        root: A folder that does not exist yet.
        files: How many files lie below `root/dags`.
        endpoint: Where its environment's AWS answers.
    """
    root.mkdir(parents=True)
    (root / "mwaactl.toml").write_text(CONFIGURATION.format(endpoint=endpoint), encoding="utf-8")
    for number in range(files):
        name, content = _file(number)
        path = root / "dags" / name
        if number % TEAM == 0:
            (path.parent / "sql").mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def statement_of(root: Path, number: int) -> Path:
    """Return a file of SQL; each number whose last digit is below 8 is one."""
    return root / "dags" / _file(number)[0]


def _file(number: int) -> tuple[str, str]:
    team, kind = number // TEAM, number % 10
    folder = f"team_{team:03}"
    if kind == 8:
        return f"{folder}/module_{number:06}.py", MODULE.format(number=number)
    if kind == 9:
        return f"{folder}/report_{number:06}.py", DAG.format(number=number, team=team, module=number - 1)
    return f"{folder}/sql/statement_{number:06}.sql", SQL.format(number=number, team=team)
