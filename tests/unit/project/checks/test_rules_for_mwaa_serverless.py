"""What has the tag `mwaa-serverless` is looked at for what a workflow's definition cannot say."""

from collections.abc import Callable, Mapping

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.pipelines.rules import pipeline_rules
from mwaactl.project.checks.yaml_pipelines import yaml_pipelines

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


PIPELINE = """\
from datetime import timedelta
from airflow.providers.amazon.aws.operators.s3 import S3ListOperator
from typed_assets import AllOf, OnCron, Updated, asset, operator, pipeline
with pipeline(
    "flights",
    tags=["mwaa-serverless"],
    schedule=AllOf((OnCron("0 6 * * *"), Updated("raw"))),
    arguments={"catchup": False, "max_active_runs": 2},
    default_arguments={"retries": 5},
    on_failure=[("a.Notifier", {})],
) as flights:
    operator(
        "list",
        S3ListOperator,
        bucket="{{ run_id }}",
        deferrable=True,
        execution_timeout=timedelta(hours=2),
    )
    operator("each", S3ListOperator, expand={"bucket": ["a", "b"]})

    @asset(uri="s3://b/lake/")
    def lake(): ...
"""
CAN_PIPELINE = """\
from airflow.providers.amazon.aws.operators.s3 import S3ListOperator
from typed_assets import OnCron, operator, pipeline
with pipeline(
    "flights",
    tags=["mwaa-serverless"],
    schedule=OnCron("0 6 * * *"),
    arguments={"max_active_runs": 2},
    default_arguments={"retries": 3},
) as flights:
    operator("list", S3ListOperator, bucket="{{ ds }}", deferrable=False)
"""


def test_a_pipeline_of_typed_assets_is_looked_at_too(bundle_of: MakeBundle) -> None:
    assert told(bundle_of({"dags/flights.py": PIPELINE})) == [
        (7, "MWAA Serverless starts runs by cron expressions and rates only, never by assets"),
        (8, "the argument `catchup` has no effect on MWAA Serverless"),
        (9, "`retries` is 5; MWAA Serverless takes 3 at most"),
        (10, "the argument `on_failure` has no effect on MWAA Serverless"),
        (15, "templates of MWAA Serverless have no `run_id`"),
        (16, "MWAA Serverless refuses the argument `deferrable`"),
        (17, "`execution_timeout` is 7200 seconds; MWAA Serverless takes 3600 seconds at most"),
        (19, "MWAA Serverless maps no tasks over values that are known only in a run"),
        (22, "MWAA Serverless knows no assets: nothing would be checked, nor published"),
    ]
    assert told(bundle_of({"dags/flights.py": PIPELINE.replace("mwaa-serverless", "flights")})) == []
    assert told(bundle_of({"dags/flights.py": CAN_PIPELINE})) == []


YAML = """\
id: list_${{ tenant }}
matrix: {tenant: [a, b]}
schedule: {updated: raw.flights}
arguments: {catchup: false}
steps:
  - id: list
    operator: airflow.providers.amazon.aws.operators.s3.S3ListOperator
    arguments: {bucket: "{{ run_id }}", execution_timeout: 2h, retries: 5, aws_conn_id: other}
  - id: each
    operator: airflow.providers.amazon.aws.operators.s3.S3ListOperator
    expand: {bucket: [a, b]}
  - id: lake
    make: "m:f"
    asset: {name: lake, uri: "redshift://w/d/s/t"}
"""
CAN_YAML = """\
schedule: 0 6 * * *
steps:
  - id: list
    operator: airflow.providers.amazon.aws.operators.s3.S3ListOperator
    arguments: {bucket: "{{ ds }}", execution_timeout: 1h, retries: 3}
"""
LOADER = (
    "from airflow.sdk import DAG\nfrom typed_assets.loading import load_pipelines\n\n"
    'load_pipelines(globals(), "pipelines")\n'
)


def told_of_yaml(bundle: Bundle, *, advice: bool = True) -> list[tuple[str, int | None, str]]:
    found = [
        each
        for each in yaml_pipelines(bundle, airflow_version("3.3.1"), advice=advice)
        if each.rule != "yaml-pipeline-loader"
    ]
    assert {(each.rule, each.severity) for each in found} <= {("not-serverless", "warning")}, found
    return sorted((each.path, each.line, each.message) for each in found)


def test_a_pipeline_in_yaml_is_looked_at_once_for_all_of_its_matrix(bundle_of: MakeBundle) -> None:
    files = {
        "dags/load.py": LOADER,
        "dags/pipelines/_defaults.yaml": "tags: [mwaa-serverless]\n",
        "dags/pipelines/can.yaml": CAN_YAML,
        "dags/pipelines/cannot.yaml": YAML,
    }
    at = "dags/pipelines/cannot.yaml"

    assert told_of_yaml(bundle_of(files)) == [
        (at, 1, "MWAA Serverless starts runs by cron expressions and rates only, never by assets"),
        (at, 1, "the argument `catchup` has no effect on MWAA Serverless"),
        (at, 6, "MWAA Serverless refuses the argument `aws_conn_id`"),
        (at, 6, "`execution_timeout` is 7200 seconds; MWAA Serverless takes 3600 seconds at most"),
        (at, 6, "`retries` is 5; MWAA Serverless takes 3 at most"),
        (at, 6, "templates of MWAA Serverless have no `run_id`"),
        (at, 9, "MWAA Serverless maps no tasks over values that are known only in a run"),
        (at, 12, "MWAA Serverless knows no assets: nothing would be checked, nor published"),
    ]
    assert told_of_yaml(bundle_of(files), advice=False) == []
    silenced = YAML.replace("id: lake\n", "id: lake  # noqa: not-serverless\n")
    assert (at, 12) not in [each[:2] for each in told_of_yaml(bundle_of({**files, at: silenced}))]
    assert told_of_yaml(bundle_of({**files, "dags/pipelines/_defaults.yaml": "tags: [other]\n"})) == []
