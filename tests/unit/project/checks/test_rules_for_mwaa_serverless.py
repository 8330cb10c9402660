"""A DAG with the tag `mwaa-serverless` is looked at for what a workflow's definition cannot say."""

from collections.abc import Callable, Mapping

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.pipelines.rules import pipeline_rules

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]

CANNOT = """\
from datetime import timedelta
from airflow.providers.amazon.aws.operators.s3 import S3ListOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.sdk import DAG, Asset, task
LAKE = Asset("lake")
with DAG(
    "flights",
    tags=["mwaa-serverless"],
    schedule=[LAKE],
    catchup=False,
    default_args={"retries": 5, "execution_timeout": timedelta(hours=1, minutes=30)},
):
    S3KeySensor(
        task_id="wait",
        bucket_key="{{ data_interval_start }}/{{ ds }}/{{ params.name }}",
        deferrable=True,
        retry_delay=timedelta(minutes=5),
    )
    S3ListOperator.partial(
        task_id="list",
        outlets=[LAKE],
        aws_conn_id="other",
    ).expand(bucket=["a", "b"])

    @task
    def load(): ...
"""
CAN = """\
from datetime import timedelta
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.sdk import DAG, task
with DAG("flights", tags=["mwaa-serverless"], schedule="0 6 * * *", default_args={"retries": 3}):
    S3KeySensor(
        task_id="wait", bucket_key="{{ ds }}", mode="reschedule", deferrable=False, execution_timeout=LIMIT
    )
    S3KeySensor(task_id="more", bucket_key=KEY, mode="reschedule", execution_timeout=timedelta(minutes=60))
"""


def told(bundle: Bundle) -> list[tuple[int | None, str]]:
    found = pipeline_rules(bundle, airflow_version("3.3.1"))
    return sorted((each.line or 0, each.message) for each in found if each.rule == "not-serverless")


def test_what_it_cannot_say_is_told_with_its_line(bundle_of: MakeBundle) -> None:
    assert told(bundle_of({"dags/flights.py": CANNOT})) == [
        (9, "MWAA Serverless starts runs by cron expressions and rates only, never by assets"),
        (10, "the argument `catchup` has no effect on MWAA Serverless"),
        (11, "`execution_timeout` is 5400 seconds; MWAA Serverless takes 3600 seconds at most"),
        (11, "`retries` is 5; MWAA Serverless takes 3 at most"),
        (15, "templates of MWAA Serverless have no `data_interval_start`"),
        (16, "MWAA Serverless refuses the argument `deferrable`"),
        (19, "MWAA Serverless maps no tasks over values that are known only in a run"),
        (21, "the argument `outlets` has no effect on MWAA Serverless"),
        (22, "MWAA Serverless refuses the argument `aws_conn_id`"),
        (26, "MWAA Serverless knows no tasks by `@task`"),
    ]


def test_what_it_can_say_and_what_is_unknown_passes(bundle_of: MakeBundle) -> None:
    assert told(bundle_of({"dags/flights.py": CAN})) == []


def test_a_dag_without_the_tag_is_left_alone(bundle_of: MakeBundle) -> None:
    assert told(bundle_of({"dags/flights.py": CANNOT.replace("mwaa-serverless", "flights")})) == []


def test_a_comment_in_the_line_silences_the_rule(bundle_of: MakeBundle) -> None:
    code = CAN.replace("{{ ds }}", "{{ run_id }}")
    (found,) = told(bundle_of({"dags/flights.py": code}))
    assert found == (6, "templates of MWAA Serverless have no `run_id`")
    silenced = code.replace("execution_timeout=LIMIT\n", "execution_timeout=LIMIT  # noqa: not-serverless\n")
    assert told(bundle_of({"dags/flights.py": silenced})) == []
