"""Uses apache-airflow-providers-amazon as DAGs do and writes what came back as JSON.

Runs with the Python of an Airflow runtime; its argument holds those of each service, as JSON:
`{"redshift": ["WORKGROUP"]}`.
"""

import asyncio
import io
import json
import sys
import zipfile
from typing import Any

from airflow.providers.amazon.aws.hooks.lambda_function import LambdaHook
from airflow.providers.amazon.aws.hooks.mwaa import MwaaHook
from airflow.providers.amazon.aws.hooks.redshift_data import RedshiftDataHook
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.amazon.aws.operators.lambda_function import (
    LambdaCreateFunctionOperator,
    LambdaInvokeFunctionOperator,
)
from airflow.providers.amazon.aws.operators.mwaa import MwaaTriggerDagRunOperator
from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.operators.s3 import (
    S3CopyObjectOperator,
    S3CreateBucketOperator,
    S3CreateObjectOperator,
    S3DeleteObjectsOperator,
    S3ListOperator,
)
from airflow.providers.amazon.aws.sensors.lambda_function import LambdaFunctionStateSensor
from airflow.providers.amazon.aws.sensors.mwaa import MwaaDagRunSensor, MwaaTaskSensor
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.amazon.aws.triggers.mwaa import MwaaDagRunCompletedTrigger
from airflow.providers.amazon.aws.triggers.redshift_data import RedshiftDataTrigger

BUCKET, FUNCTION = "provider-bucket", "provider-function"
CODE = "def handle(event, context):\n    return {'doubled': event['n'] * 2}\n"


class Pushed(dict[str, object]):
    """Takes what an operator pushes to XCom, as a task instance does."""

    def xcom_push(self, key: str, value: object, **_: object) -> None:
        self[key] = value


def s3() -> dict[str, Any]:
    context = {"ti": Pushed()}
    S3CreateBucketOperator(task_id="make", bucket_name=BUCKET).execute(context)
    S3CreateObjectOperator(task_id="put", s3_bucket=BUCKET, s3_key="in/a.csv", data="a,b\n").execute(context)
    seen = S3KeySensor(task_id="wait", bucket_name=BUCKET, bucket_key="in/*.csv", wildcard_match=True)
    there = seen.poke(context)
    S3CopyObjectOperator(
        task_id="copy",
        source_bucket_name=BUCKET,
        source_bucket_key="in/a.csv",
        dest_bucket_name=BUCKET,
        dest_bucket_key="out/a.csv",
    ).execute(context)
    S3DeleteObjectsOperator(task_id="delete", bucket=BUCKET, prefix="in/").execute(context)
    listed = S3ListOperator(task_id="list", bucket=BUCKET).execute(context)
    return {"sensed": there, "listed": list(listed), "read": S3Hook().read_key("out/a.csv", BUCKET)}


def functions(role: str) -> dict[str, Any]:
    context, package = {"ti": Pushed()}, io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", CODE)
    LambdaCreateFunctionOperator(
        task_id="make",
        function_name=FUNCTION,
        runtime="python3.12",
        role=role,
        handler="app.handle",
        code={"ZipFile": package.getvalue()},
        wait_for_completion=True,
        waiter_delay=1,
    ).execute(context)
    active = LambdaFunctionStateSensor(task_id="wait", function_name=FUNCTION).poke(context)
    payload = json.dumps({"n": 21})
    answer = LambdaInvokeFunctionOperator(task_id="call", function_name=FUNCTION, payload=payload)
    called = answer.execute(context)
    LambdaHook().conn.delete_function(FunctionName=FUNCTION)
    return {"active": bool(active), "called": json.loads(called)}


def redshift(workgroup: str) -> dict[str, Any]:
    given = {"workgroup_name": workgroup, "database": "warehouse"}
    operator = RedshiftDataOperator(
        task_id="sql",
        sql="SELECT :n::int * 2 AS doubled",
        parameters=[{"name": "n", "value": "21"}],
        return_sql_result=True,
        poll_interval=0.2,
        **given,
    )
    result = operator.execute({})
    output = RedshiftDataHook().execute_query(
        sql=["SELECT 1", "SELECT 2"], wait_for_completion=False, **given
    )
    waits = RedshiftDataTrigger(statement_id=output.statement_id, task_id="t", poll_interval=1)
    return {"records": result[0]["Records"], "triggered": asyncio.run(first_event(waits))["status"]}


def mwaa(environment: str, dag_id: str) -> dict[str, Any]:
    started = MwaaTriggerDagRunOperator(
        task_id="start",
        env_name=environment,
        trigger_dag_id=dag_id,
        # InvokeRestApi takes paths of 64 characters, which a generated run id would break; Airflow 3 demands
        # the logical date, and the operator leaves out what is None.
        trigger_run_id="provided",
        logical_date="2026-01-01T00:00:00Z",
        wait_for_completion=True,
        waiter_delay=1,
        waiter_max_attempts=120,
    ).execute({"ti": Pushed()})
    run_id = started["RestApiResponse"]["dag_run_id"]
    run = {"external_env_name": environment, "external_dag_id": dag_id, "external_dag_run_id": run_id}
    sensed = MwaaDagRunSensor(task_id="run", **run).poke({})
    task = MwaaTaskSensor(task_id="task", external_task_id="say", **run).poke({})
    trigger = MwaaDagRunCompletedTrigger(waiter_delay=1, waiter_max_attempts=5, **run)
    event = asyncio.run(first_event(trigger))
    listed = MwaaHook().invoke_rest_api(
        env_name=environment, path="/dags", method="GET", query_params={"limit": 50}
    )
    # Without the permission to call InvokeRestApi the hook signs in itself, over https.
    signed_in = MwaaHook().invoke_rest_api(
        env_name=environment, path="/version", method="GET", generate_local_token=True, airflow_version=3
    )
    return {
        "started": started["RestApiStatusCode"],
        "version": signed_in["RestApiResponse"]["version"],
        "run_id": run_id,
        "sensed": [sensed, task],
        "triggered": event["status"],
        "dags": [dag["dag_id"] for dag in listed["RestApiResponse"]["dags"]],
    }


async def first_event(trigger: Any) -> Any:
    async for event in trigger.run():
        return event.payload
    return None


SERVICES: dict[str, Any] = {"s3": s3, "lambda": functions, "redshift": redshift, "mwaa": mwaa}

if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    answers = {name: SERVICES[name](*arguments) for name, arguments in asked.items()}
    sys.stdout.write("ANSWERS " + json.dumps(answers))
