"""The same pipelines three times: in our YAML, in dag-factory's, and as Python files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOADER = "pipelines.py"
OURS = {
    LOADER: """from airflow.sdk import DAG
from typed_assets.loading import load_pipelines

load_pipelines(globals(), "pipelines", mistakes_in="pipelines_mistakes.py")
""",
    "pipelines_mistakes.py": """from airflow.sdk import DAG
from typed_assets.loading import report_mistakes

report_mistakes(globals(), "pipelines")
""",
}
DAG_FACTORY = {
    LOADER: """from pathlib import Path

from airflow.sdk import DAG
from dagfactory import load_yaml_dags

load_yaml_dags(globals_dict=globals(), dags_folder=str(Path(__file__).parent / "pipelines"))
"""
}
AWS = "airflow.providers.amazon.aws"
TASKS = (
    (
        "wait",
        f"{AWS}.sensors.s3.S3KeySensor",
        '{bucket_name: lake, bucket_key: "raw/NUM/{{ ds }}/data.csv", deferrable: true}',
    ),
    (
        "clean",
        f"{AWS}.operators.lambda_function.LambdaInvokeFunctionOperator",
        '{function_name: clean_NUM, payload: "{}"}',
    ),
    (
        "stage",
        f"{AWS}.operators.redshift_data.RedshiftDataOperator",
        '{database: dev, workgroup_name: wg, sql: "truncate staging.t_NUM"}',
    ),
    (
        "copy",
        f"{AWS}.transfers.s3_to_redshift.S3ToRedshiftOperator",
        (
            "{s3_bucket: lake, s3_key: clean/NUM, schema: staging, table: t_NUM,"
            " redshift_data_api_kwargs: {database: dev, workgroup_name: wg}}"
        ),
    ),
    (
        "merge",
        f"{AWS}.operators.redshift_data.RedshiftDataOperator",
        '{database: dev, workgroup_name: wg, sql: "call merge_NUM()"}',
    ),
)
HAND = """from datetime import UTC, datetime

from airflow.providers.amazon.aws.operators.lambda_function import LambdaInvokeFunctionOperator
from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator
from airflow.sdk import DAG

with DAG(
    "pNUM",
    schedule="0 3 * * *",
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    tags=["bench"],
    max_active_runs=1,
    default_args={"retries": 2},
):
    wait = S3KeySensor(
        task_id="wait", bucket_name="lake", bucket_key="raw/NUM/{{ ds }}/data.csv", deferrable=True
    )
    clean = LambdaInvokeFunctionOperator(task_id="clean", function_name="clean_NUM", payload="{}")
    stage = RedshiftDataOperator(
        task_id="stage", database="dev", workgroup_name="wg", sql="truncate staging.t_NUM"
    )
    copy = S3ToRedshiftOperator(
        task_id="copy",
        s3_bucket="lake",
        s3_key="clean/NUM",
        schema="staging",
        table="t_NUM",
        redshift_data_api_kwargs={"database": "dev", "workgroup_name": "wg"},
    )
    merge = RedshiftDataOperator(task_id="merge", database="dev", workgroup_name="wg", sql="call merge_NUM()")
    wait >> clean >> stage >> copy >> merge
"""


def write_ours(folder: Path, count: int) -> None:
    """Write pipelines for `typed_assets`."""
    _write(folder, OURS, {f"p{n}.yaml": _ours(n) for n in range(count)})


def write_dag_factory(folder: Path, count: int) -> None:
    """Write pipelines for dag-factory."""
    _write(folder, DAG_FACTORY, {f"p{n}.yml": _dag_factory(n) for n in range(count)})


def write_by_hand(folder: Path, count: int) -> None:
    """Write a Python file for each pipeline."""
    _write(folder, {f"p{n}.py": HAND.replace("NUM", str(n)) for n in range(count)}, {})


def _write(folder: Path, beside: dict[str, str], inside: dict[str, str]) -> None:
    (folder / "pipelines").mkdir(parents=True)
    for name, text in beside.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in inside.items():
        (folder / "pipelines" / name).write_text(text, encoding="utf-8")


def _arguments(text: str, n: int) -> str:
    return text.replace("NUM", str(n))


def _ours(n: int) -> str:
    lines = ['schedule: "0 3 * * *"', "start: 2024-01-01", "tags: [bench]", "default_arguments: {retries: 2}"]
    lines.append("steps:")
    before = ""
    for task, operator, arguments in TASKS:
        lines += [
            f"  - id: {task}",
            f"    operator: {operator}",
            f"    arguments: {_arguments(arguments, n)}",
        ]
        lines += [f"    after: [{before}]"] if before else []
        before = task
    return "\n".join([*lines, ""])


def _dag_factory(n: int) -> str:
    lines = [
        f"p{n}:",
        '  schedule: "0 3 * * *"',
        "  catchup: false",
        "  tags: [bench]",
        "  max_active_runs: 1",
    ]
    lines += ["  default_args: {retries: 2, start_date: 2024-01-01}", "  tasks:"]
    before = ""
    for task, operator, arguments in TASKS:
        lines += [f"    - task_id: {task}", f"      operator: {operator}"]
        lines += [f"      dependencies: [{before}]"] if before else []
        inner = _arguments(arguments, n)[1:-1]
        lines += [f"      {part}" for part in _keys(inner)]
        before = task
    return "\n".join([*lines, ""])


def _keys(inner: str) -> list[str]:
    """Return the keys of a mapping in braces, a line each."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, letter in enumerate(inner):
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter == "{") - (letter == "}")
        if letter == "," and not depth and not quoted:
            parts.append(inner[start:place].strip())
            start = place + 1
    return [*parts, inner[start:].strip()]
