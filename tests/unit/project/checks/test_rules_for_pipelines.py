from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle, read_bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.appending_sql import appends_in_sql
from mwaactl.project.checks.pipelines.rules import pipeline_rules
from mwaactl.project.checks.run import check_bundle

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]

SENSOR = "from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor\n"
DATA = "from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator\n"
TRANSFER = "from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator\n"
QUEUE = "airflow.providers.common.messaging.triggers.msg_queue"
HITL = "airflow.providers.standard.operators.hitl"
LIMITS = "DEFAULTS = {'retries': 2, 'execution_timeout': HOUR}\n"
TASK = "from airflow.sdk import task\n"

BAD = [
    (
        "asset-watchers",
        "from airflow.sdk import asset\n\n@asset(schedule=None, watchers=[WATCHER])\ndef orders(): ...\n",
        3,
        "Airflow drops the watchers of `@asset`, so nothing triggers the DAG",
    ),
    (
        "asset-unchecked",
        "from typed_assets import asset\n\n@asset(uri='s3://data/orders/')\ndef orders(): ...\n",
        3,
        "the asset has neither a contract nor a check, so whatever is written is published",
    ),
    (
        "copy-keys",
        "import airflow\nSQL = \"COPY t FROM 's3://b/k' CREDENTIALS 'aws_access_key_id={key};…'\"\n",
        2,
        "a COPY or UNLOAD has access keys in its text, which Redshift logs",
    ),
    (
        "copy-keys",
        f"{TRANSFER}{LIMITS}S3ToRedshiftOperator(task_id='load', aws_conn_id='aws_default')\n",
        3,
        "`S3ToRedshiftOperator` writes temporary keys into the statement: `aws_default` of MWAA has no role",
    ),
    (
        "sensor-waits",
        f"{SENSOR}{LIMITS}S3KeySensor(task_id='wait', deferrable=False)\n",
        3,
        "`S3KeySensor` keeps a slot of a worker while it waits",
    ),
    (
        "missing-provider",
        f"from {QUEUE} import MessageQueueTrigger\n",
        1,
        f"`{QUEUE}` is of a provider that Airflow 3.0.6 on MWAA does not have",
    ),
    (
        "later-feature",
        "from airflow.sdk import DAG, RollupMapper\n",
        1,
        "`airflow.sdk.RollupMapper` needs Airflow 3.3; the environment has 3.0.6",
    ),
    (
        "later-feature",
        "import airflow\n\ndef find():\n    from airflow.sdk import BaseHook\n",
        4,
        "`airflow.sdk.BaseHook` needs Airflow 3.1; the environment has 3.0.6",
    ),
    (
        "later-feature",
        f"from {HITL} import ApprovalOperator\n",
        1,
        f"`{HITL}.ApprovalOperator` needs Airflow 3.1; the environment has 3.0.6",
    ),
    (
        "later-feature",
        "import airflow.sdk.timezone\n",
        1,
        "`airflow.sdk.timezone` needs Airflow 3.1; the environment has 3.0.6",
    ),
    (
        "later-feature",
        "from airflow.sdk.definitions.retry_policy import RetryRule\n",
        1,
        "`airflow.sdk.definitions.retry_policy.RetryRule` needs Airflow 3.3; the environment has 3.0.6",
    ),
    (
        "later-feature",
        "from airflow import sdk\nif LATE:\n    RULE = sdk.TriggerRule.ALL_DONE\n",
        3,
        "`airflow.sdk.TriggerRule` needs Airflow 3.1; the environment has 3.0.6",
    ),
    (
        "later-feature",
        "from airflow.sdk.exceptions import AirflowSkipException\n",
        1,
        "`airflow.sdk.exceptions.AirflowSkipException` needs Airflow 3.2; the environment has 3.0.6",
    ),
    (
        "later-feature",
        "from airflow.sdk import DAG\nDAG('d',\n    deadline=ALERT)\n",
        3,
        "the argument `deadline` needs Airflow 3.1; the environment has 3.0.6",
    ),
    (
        "later-feature",
        f"{TASK}\n@task(retry_policy=POLICY)\ndef load(): ...\n",
        3,
        "the argument `retry_policy` needs Airflow 3.3; the environment has 3.0.6",
    ),
    (
        "later-feature",
        f"{TASK}def load(**context):\n    context['asset_state_store'][ORDERS].get('mark')\n",
        3,
        '`context["asset_state_store"]` needs Airflow 3.3; the environment has 3.0.6',
    ),
    (
        "later-feature",
        "from airflow.plugins_manager import AirflowPlugin\nclass P(AirflowPlugin):\n    external_views = ()",
        3,
        "the plugin's attribute `external_views` needs Airflow 3.1; the environment has 3.0.6",
    ),
    (
        "import-effect",
        "import boto3\nfrom airflow.sdk import DAG\nif DAG:\n    S3 = boto3.client('s3')\n",
        4,
        "makes a client of AWS each time the file is parsed, and once more for every task",
    ),
    (
        "import-effect",
        "from airflow.sdk import Variable\n\nclass Settings:\n    stage = Variable.get('stage')\n",
        4,
        "reads an Airflow variable each time the file is parsed, and once more for every task",
    ),
    (
        "task-limits",
        f"{DATA}RedshiftDataOperator(task_id='a', retries=1)\nRedshiftDataOperator.partial(retries=1)\n",
        2,
        "2 tasks that call AWS have no `execution_timeout`",
    ),
    (
        "task-limits",
        f"{SENSOR}S3KeySensor(task_id='a', deferrable=True, timeout=60)\n",
        2,
        "a task that calls AWS has no `retries`",
    ),
    (
        "appending-sql",
        f"{DATA}{LIMITS}RedshiftDataOperator(task_id='a', sql='insert into mart.delays select 1')\n",
        3,
        "a second try adds the rows of `mart.delays` again",
    ),
    (
        "rows-in-xcom",
        f"{TASK}\n@task\ndef read(hook):\n    return hook.get_records('select 1')\n",
        5,
        "the task returns the rows of `get_records`, which go through Airflow's database",
    ),
]


def found_in(bundle: Bundle, version: str = "3.0.6") -> list[Finding]:
    return list(pipeline_rules(bundle, airflow_version(version)))


@pytest.mark.parametrize(("rule", "code", "line", "message"), BAD)
def test_what_is_wrong_is_found_with_its_line(
    bundle_of: MakeBundle, rule: str, code: str, line: int, message: str
) -> None:
    (finding,) = found_in(bundle_of({"dags/flights.py": code}))
    assert (finding.rule, finding.path, finding.line, finding.message) == (
        rule,
        "dags/flights.py",
        line,
        message,
    )
    assert finding.hint


@pytest.mark.parametrize(("rule", "code", "line", "message"), BAD)
def test_a_comment_in_the_line_silences_the_rule(
    bundle_of: MakeBundle, rule: str, code: str, line: int, message: str
) -> None:
    del message
    lines = code.splitlines()
    lines[line - 1] += f"  # noqa: {rule}"
    assert found_in(bundle_of({"dags/flights.py": "\n".join(lines)})) == []


@pytest.mark.parametrize(
    "code",
    [
        "from airflow.sdk import Asset\nORDERS = Asset('orders', watchers=[WATCHER])\n",
        "from typed_assets import asset\n@asset(uri='s3://a/b/', contract=C)\ndef a(): ...\n",
        "from typed_assets import Asset\nSOURCE = Asset(name='a', uri='s3://a/b/')\n",
        "from typed_assets import asset\n@asset(uri='s3://a/b/', **more)\ndef a(): ...\n",
        "import airflow\nSQL = \"COPY t FROM 's3://b/k' IAM_ROLE default\"\nNAME = 'aws_secret_access_key'\n",
        f"{TRANSFER}{LIMITS}S3ToRedshiftOperator(task_id='load', aws_conn_id='with_role')\n",
        f"{TRANSFER}{LIMITS}S3ToRedshiftOperator(task_id='load', aws_conn_id=CONNECTION)\n",
        f"{SENSOR}{LIMITS}S3KeySensor(task_id='wait', mode='reschedule')\nS3KeySensor(task_id='w', **more)\n",
        "from airflow.sdk import DAG, Asset, AssetAny, task\n",
        "try:\n    from airflow.sdk import BaseHook\nexcept ImportError:\n    BaseHook = None\n",
        "try:\n    import a\nexcept ImportError:\n    from airflow.sdk import conf\n",
        "with suppress(ImportError):\n    from airflow.sdk import timezone\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from airflow.sdk import TaskInstance\n",
        "from airflow import sdk\nif AIRFLOW_V_3_1_PLUS:\n    from airflow.sdk import conf\n",
        "from airflow import sdk\nX = sdk.conf if hasattr(sdk, 'conf') else None\n",
        "from .airflow.sdk import conf\n",
        "def later(deadline): ...\nlater(deadline=1)\ncontext = {'task_state_store': 1}\nairflow = context\n",
        "import boto3, airflow\ndef a():\n    return boto3.client('s3')\nb = lambda: boto3.client('s3')\n",
        "import boto3, airflow\n\nif __name__ == '__main__':\n    boto3.client('s3')\n",
        f"{DATA}RedshiftDataOperator(task_id='a', **LIMITS)\n",
        f"{DATA}A = dict(retries=1, execution_timeout=HOUR)\nRedshiftDataOperator(task_id='a')\n",
        "import airflow\nSQL = ['delete from mart.delays where day = 1;', 'INSERT INTO mart.delays values']",
        "import airflow\nSQL = 'create temp table a (b int); insert into a select 1; merge into t using a'\n",
        "import airflow\n# insert into comments select 1\nTEXT = '-- insert into mart.delays'\n",
        f"{TASK}\n@task\ndef count(hook):\n    return len(hook.get_records('select 1'))\n",
        f"{TASK}\ndef read(hook):\n    return hook.get_records('select 1')\n",
        "def task_policy(task): ...\n",
    ],
)
def test_what_is_right_passes(bundle_of: MakeBundle, code: str) -> None:
    assert found_in(bundle_of({"dags/flights.py": code})) == []


def test_features_are_known_to_the_version_that_has_them(bundle_of: MakeBundle) -> None:
    code = "from airflow.sdk import RollupMapper, CronPartitionTimetable, DeadlineAlert\n"
    bundle = bundle_of({"dags/flights.py": code})
    lacking = {version: len(found_in(bundle, version)) for version in ("2.11.2", "3.0.6", "3.2.1", "3.3.1")}
    assert lacking == {"2.11.2": 3, "3.0.6": 3, "3.2.1": 1, "3.3.1": 0}


def test_a_provider_of_requirements_is_there(bundle_of: MakeBundle) -> None:
    code = f"from {QUEUE} import MessageQueueTrigger\n"
    pinned = "apache-airflow-providers-common-messaging==2.0.1\n"
    assert found_in(bundle_of({"dags/a.py": code, "requirements/requirements.txt": pinned})) == []


def test_one_name_with_two_uris_and_one_uri_with_two_names(bundle_of: MakeBundle) -> None:
    files = {
        "dags/a.py": "from airflow.sdk import Asset\nA = Asset('orders', 's3://data/orders/')\n",
        "dags/b.py": "from airflow.sdk import Asset\nB = Asset(name='orders', uri='s3://data/old')\n",
        "dags/c.py": "from airflow.sdk import Asset\nC = Asset('s3://data/orders')\n",
        "dags/d.py": "from airflow.sdk import Asset\n\nD = Asset('orders', 's3://data/orders')\n",
    }
    said = [(each.path, each.line, each.message) for each in found_in(bundle_of(files))]
    assert said == [
        ("dags/a.py", 2, "asset `orders` has the URI `s3://data/orders` here and `s3://data/old` elsewhere"),
        (
            "dags/a.py",
            2,
            "the URI `s3://data/orders` is named `orders` here and `s3://data/orders` elsewhere",
        ),
        ("dags/b.py", 2, "asset `orders` has the URI `s3://data/old` here and `s3://data/orders` elsewhere"),
        (
            "dags/c.py",
            2,
            "the URI `s3://data/orders` is named `s3://data/orders` here and `orders` elsewhere",
        ),
        ("dags/d.py", 3, "asset `orders` has the URI `s3://data/orders` here and `s3://data/old` elsewhere"),
        (
            "dags/d.py",
            3,
            "the URI `s3://data/orders` is named `orders` here and `s3://data/orders` elsewhere",
        ),
    ]


def test_a_slow_library_is_named_once_more_than_five_files_import_it(bundle_of: MakeBundle) -> None:
    code = "from airflow.sdk import DAG\nimport pandas as pd\n"
    five = {f"dags/{number}.py": code for number in range(5)}
    within = {"dags/within.py": "import airflow\ndef load():\n    import pandas\n"}
    assert found_in(bundle_of({**five, **within})) == []
    found = found_in(bundle_of({"dags/sixth.py": code}))
    assert {(each.rule, each.line) for each in found} == {("slow-import", 2)}
    assert len(found) == 6
    assert found[0].message == (
        "`pandas` takes about 700 ms to import, in each of 6 files each time that they are parsed"
    )


def test_sql_files_are_read_too(bundle_of: MakeBundle) -> None:
    files = {
        "dags/sql/load.sql": "-- loads\nCOPY raw.t FROM 's3://b/k'\nACCESS_KEY_ID '{{ key }}';\n",
        "dags/sql/append.sql": "begin;\ninsert into mart.a select 1;\nend;",
        "dags/sql/meant.sql": "-- noqa: appending-sql\ninsert into log.a select 1;",
        "dags/sql/replace.sql": "TRUNCATE mart.b;\nINSERT INTO mart.b select 1;",
    }
    said = [(each.rule, each.path, each.line) for each in found_in(bundle_of(files))]
    assert said == [
        ("appending-sql", "dags/sql/append.sql", 2),
        ("copy-keys", "dags/sql/load.sql", 3),
    ]


def test_policies_that_airflow_never_calls(bundle_of: MakeBundle) -> None:
    bundle = bundle_of({"plugins/airflow_local_settings.py": "LIMIT = 1\ndef task_policy(task): ...\n"})
    (finding,) = found_in(bundle)
    assert (finding.rule, finding.path, finding.line, finding.message) == (
        "unseen-policy",
        "plugins/airflow_local_settings.py",
        2,
        "Airflow on MWAA never calls `task_policy` of airflow_local_settings.py",
    )
    assert found_in(bundle, "2.11.2") == []


def test_deployment_looks_for_errors_alone(tmp_path: Path) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "load.sql").write_text(
        "insert into sales select 1;\ncopy sales from 's3://b/k' access_key_id 'A' secret_access_key 'B';\n"
    )
    bundle = read_bundle(tmp_path)

    with_advice = check_bundle(bundle, "3.3.1")
    without = check_bundle(bundle, "3.3.1", advice=False)

    assert [(each.rule, each.severity) for each in with_advice] == [
        ("appending-sql", "warning"),
        ("copy-keys", "error"),
    ]
    assert [each.rule for each in without] == ["copy-keys"]


@pytest.mark.parametrize(
    "room",
    [
        "delete from Sales where day = 1;",
        "truncate sales;",
        "TRUNCATE TABLE sales;",
        "drop table if exists sales;",
        "create temp table sales (n int);",
        "create local temporary table if not exists sales (n int);",
        "create table sales (n int);",
        "merge into sales using other on true when matched then delete;",
    ],
)
def test_statement_that_makes_room_may_insert(room: str) -> None:
    assert not list(appends_in_sql("dags/x.sql", f"{room}\ninsert into sales select 1;\n"))


@pytest.mark.parametrize(
    "other",
    [
        "delete from sales_2 where true;",
        "truncate sales.x;",
        "create table if not exists sales (n int);",
        "select 1 from sales;",
    ],
)
def test_statement_about_something_else_makes_no_room(other: str) -> None:
    found = list(appends_in_sql("dags/x.sql", f"{other}\n/* insert into y */ insert into sales select 1;\n"))

    assert [(each.line, each.message) for each in found] == [
        (2, "a second try adds the rows of `sales` again")
    ]
