"""Functions over boto3: what handlers get, what callers get back."""

import base64
import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.functions.conftest import Deploy, package

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient

COUNTER = """
import os
calls = 0
def handle(event, context):
    global calls
    calls += 1
    return {"pid": os.getpid(), "calls": calls, "event": event}
"""


def invoke(client: "LambdaClient", name: str, event: Any = None, **members: Any) -> tuple[Any, Any]:
    response = client.invoke(FunctionName=name, Payload=json.dumps(event or {}), **members)
    body = response["Payload"].read()
    return response, json.loads(body) if body else None


def test_a_handler_gets_the_event_and_lambdas_environment(
    lambda_client: "LambdaClient", deploy: Deploy, role: str
) -> None:
    name = deploy(
        """
import os
def handle(event, context):
    names = ["AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "_HANDLER", "GREETING", "TEST_ROLE",
             "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_VERSION"]
    return {
        "event": event,
        "environment": {name: os.environ[name] for name in names},
        "task_root": os.path.isfile(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "handler.py")),
        "in_time": 0 < context.get_remaining_time_in_millis() <= 10000,
        "arn": context.invoked_function_arn,
        "has_id": len(context.aws_request_id) == 36,
    }
""",
        Environment={"Variables": {"GREETING": "grüezi"}},
    )
    response, result = invoke(lambda_client, name, {"n": [1, "zwölf"]})
    assert response["StatusCode"] == 200
    assert "FunctionError" not in response
    assert result == {
        "event": {"n": [1, "zwölf"]},
        "environment": {
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_REGION": "us-east-1",
            "_HANDLER": "handler.handle",
            "GREETING": "grüezi",
            "TEST_ROLE": role,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        },
        "task_root": True,
        "in_time": True,
        "arn": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
        "has_id": True,
    }


def test_a_handler_has_only_what_lambda_brings_along(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy("""
import importlib.util
def handle(event, context):
    names = ["boto3", "moto", "mwaactl", "pydantic", "bootstrap", "duckdb"]
    return {name: importlib.util.find_spec(name) is not None for name in names}
""")
    assert invoke(lambda_client, name)[1] == {
        "boto3": True,
        "moto": False,
        "mwaactl": False,
        "pydantic": False,
        "bootstrap": False,
        "duckdb": False,
    }


def test_a_handler_reaches_the_other_services(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy("""
import boto3
def handle(event, context):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="made-by-a-handler")
    return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
""")
    assert "made-by-a-handler" in invoke(lambda_client, name)[1]


def test_a_second_invocation_meets_the_warm_process(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy(COUNTER)
    first, second = invoke(lambda_client, name)[1], invoke(lambda_client, name)[1]
    assert (first["calls"], second["calls"]) == (1, 2)
    assert first["pid"] == second["pid"]


def test_concurrent_invocations_have_a_process_each(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy("import os, time\ndef handle(event, context):\n    time.sleep(1)\n    return os.getpid()")
    pids: list[int] = []
    threads = [threading.Thread(target=lambda: pids.append(invoke(lambda_client, name)[1])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 3


def test_new_code_replaces_the_warm_process(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy(COUNTER)
    invoke(lambda_client, name)
    lambda_client.update_function_code(
        FunctionName=name, ZipFile=package("def handle(event, context):\n    return 'new'")
    )
    assert invoke(lambda_client, name)[1] == "new"


def test_new_configuration_replaces_the_warm_process(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy("import os\nVALUE = os.environ['V']\ndef handle(e, c):\n    return VALUE", Environment={
        "Variables": {"V": "old"}
    })  # fmt: skip
    assert invoke(lambda_client, name)[1] == "old"
    lambda_client.update_function_configuration(FunctionName=name, Environment={"Variables": {"V": "new"}})
    assert invoke(lambda_client, name)[1] == "new"


def test_an_exception_is_answered_as_lambda_does(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy("def handle(event, context):\n    raise KeyError('carrier')\n")
    response, error = invoke(lambda_client, name)
    assert response["StatusCode"] == 200
    assert response["FunctionError"] == "Unhandled"
    assert error["errorType"] == "KeyError"
    assert error["errorMessage"] == "'carrier'"
    assert len(error["requestId"]) == 36
    [frame] = error["stackTrace"]
    assert "handler.py" in frame
    assert "line 2, in handle" in frame


@pytest.mark.parametrize(
    ("source", "handler", "kind", "message"),
    [
        ("import nowhere", "handler.handle", "Runtime.ImportModuleError", "No module named 'nowhere'"),
        ("x = 1", "handler.handle", "Runtime.HandlerNotFound", "Handler 'handle' missing"),
        ("def handle(:", "handler.handle", "Runtime.UserCodeSyntaxError", "Syntax error in module 'handler'"),
        ("1 / 0", "handler.handle", "ZeroDivisionError", "division by zero"),
        ("def handle(e, c): return {1}", "handler.handle", "Runtime.MarshalError", "not JSON serializable"),
    ],
)
def test_what_a_handler_is_not_is_named(
    lambda_client: "LambdaClient", deploy: Deploy, source: str, handler: str, kind: str, message: str
) -> None:
    response, error = invoke(lambda_client, deploy(source, Handler=handler))
    assert response["FunctionError"] == "Unhandled"
    assert error["errorType"] == kind
    assert message in error["errorMessage"]


def test_a_timeout_ends_the_process_and_the_next_call_starts_anew(
    lambda_client: "LambdaClient", deploy: Deploy
) -> None:
    name = deploy(
        "import os, time\ndef handle(event, context):\n    print('before', flush=False)\n"
        "    time.sleep(event.get('sleep', 0))\n    return os.getpid()",
        Timeout=1,
    )
    _, before = invoke(lambda_client, name)
    started = time.monotonic()
    response, error = invoke(lambda_client, name, {"sleep": 30}, LogType="Tail")
    assert time.monotonic() - started < 5
    assert response["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    log = base64.b64decode(response["LogResult"]).decode()
    assert "before" in log
    assert "Task timed out after 1.00 seconds" in log
    _, after = invoke(lambda_client, name)
    assert after != before


def test_more_memory_than_the_function_has_kills_it(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy(
        "import time\ndef handle(event, context):\n    held = bytearray(400 * 1024 * 1024)\n"
        "    time.sleep(5)\n    return len(held)",
        MemorySize=128,
    )
    response, error = invoke(lambda_client, name)
    assert response["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Runtime.OutOfMemory"
    assert error["errorMessage"].endswith("Runtime exited with error: signal: killed")


def test_a_handler_that_exits_is_reported(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    response, error = invoke(lambda_client, deploy("import os\ndef handle(e, c):\n    os._exit(7)"))
    assert response["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Runtime exited with error: exit status 7")


def test_an_event_invocation_returns_at_once_and_runs(
    lambda_client: "LambdaClient", logs_client: "CloudWatchLogsClient", deploy: Deploy
) -> None:
    name = deploy(
        "import time\ndef handle(event, context):\n    time.sleep(1)\n    print('done', event['n'])"
    )
    started = time.monotonic()
    response, body = invoke(lambda_client, name, {"n": 42}, InvocationType="Event")
    assert time.monotonic() - started < 1
    assert response["StatusCode"] == 202
    assert body is None
    deadline = time.monotonic() + 20
    while not (found := _messages(logs_client, f"/aws/lambda/{name}")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "done 42" in found


def test_a_dry_run_runs_nothing(
    lambda_client: "LambdaClient", logs_client: "CloudWatchLogsClient", deploy: Deploy
) -> None:
    name = deploy(COUNTER)
    response, _ = invoke(lambda_client, name, InvocationType="DryRun")
    assert response["StatusCode"] == 204
    assert _messages(logs_client, f"/aws/lambda/{name}") == []
    assert invoke(lambda_client, name)[1]["calls"] == 1


def test_the_log_holds_start_output_end_and_report(
    lambda_client: "LambdaClient", logs_client: "CloudWatchLogsClient", deploy: Deploy
) -> None:
    name = deploy(
        "import logging, sys\ndef handle(event, context):\n    print('to stdout')\n"
        "    print('to stderr', file=sys.stderr)\n    logging.getLogger().warning('logged')\n"
    )
    response, _ = invoke(lambda_client, name, LogType="Tail")
    messages = _messages(logs_client, f"/aws/lambda/{name}")
    request_id = messages[0].split()[2]
    assert messages[0] == f"START RequestId: {request_id} Version: $LATEST"
    assert messages[1:3] == ["to stdout", "to stderr"]
    assert messages[3].startswith("[WARNING]\t")
    assert messages[3].endswith(f"\t{request_id}\tlogged")
    assert messages[4] == f"END RequestId: {request_id}"
    report = messages[5]
    assert report.startswith(f"REPORT RequestId: {request_id}\tDuration: ")
    assert "\tMemory Size: 256 MB\tMax Memory Used: " in report
    assert "\tInit Duration: " in report
    assert base64.b64decode(response["LogResult"]).decode() == "\n".join(messages)


def test_the_configured_log_group_is_used(
    lambda_client: "LambdaClient", logs_client: "CloudWatchLogsClient", deploy: Deploy
) -> None:
    name = deploy("def handle(e, c):\n    print(c.log_group_name)", LoggingConfig={"LogGroup": "/own/group"})
    invoke(lambda_client, name)
    assert "/own/group" in _messages(logs_client, "/own/group")


def test_an_event_of_more_than_six_megabytes_is_refused(
    lambda_client: "LambdaClient", deploy: Deploy
) -> None:
    name = deploy(COUNTER)
    with pytest.raises(lambda_client.exceptions.RequestTooLargeException, match="limit 6291456 bytes"):
        lambda_client.invoke(FunctionName=name, Payload=json.dumps("x" * 6_291_456))


def test_a_result_of_more_than_six_megabytes_is_an_error(
    lambda_client: "LambdaClient", deploy: Deploy
) -> None:
    name = deploy("def handle(e, c):\n    return 'x' * 6_300_000")
    response, error = invoke(lambda_client, name)
    assert response["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_event_that_is_not_json_is_refused(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy(COUNTER)
    with pytest.raises(lambda_client.exceptions.InvalidRequestContentException):
        lambda_client.invoke(FunctionName=name, Payload=b"{not json")


def test_reserved_concurrency_throttles(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy(COUNTER)
    lambda_client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    impatient = client_without_retries(lambda_client)
    with pytest.raises(impatient.exceptions.TooManyRequestsException):
        impatient.invoke(FunctionName=name)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Runtime": "nodejs24.x"}, "does not run nodejs24.x functions, only python3.12"),
        ({"Runtime": "python3.9"}, "does not run python3.9 functions"),
        ({"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:l:1"]}, "layer:l:1 does not exist"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "reserved keys .* AWS_REGION"),
    ],
)
def test_what_cannot_run_is_refused_when_it_is_deployed(
    lambda_client: "LambdaClient", deploy: Deploy, members: dict[str, Any], message: str
) -> None:
    with pytest.raises(lambda_client.exceptions.InvalidParameterValueException, match=message):
        deploy(COUNTER, **members)


def test_code_is_that_of_the_very_object_version(
    lambda_client: "LambdaClient", deploy: Deploy, client: Callable[[str], Any]
) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="code-in-versions")
    s3.put_bucket_versioning(Bucket="code-in-versions", VersioningConfiguration={"Status": "Enabled"})
    versions = [
        s3.put_object(
            Bucket="code-in-versions", Key="f.zip", Body=package(f"def handle(e, c):\n    return {number}")
        )["VersionId"]
        for number in (1, 2)
    ]
    where: Any = {"S3Bucket": "code-in-versions", "S3Key": "f.zip"}
    name = deploy("", Code={**where, "S3ObjectVersion": versions[0]})
    assert invoke(lambda_client, name)[1] == 1
    lambda_client.update_function_code(FunctionName=name, S3ObjectVersion=versions[1], **where)
    assert invoke(lambda_client, name)[1] == 2
    lambda_client.update_function_code(FunctionName=name, S3ObjectVersion=versions[0], **where)
    assert invoke(lambda_client, name)[1] == 1


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ({"ZipFile": b"no zip"}, "Could not unzip uploaded file"),
        ({"S3Bucket": "absent-bucket", "S3Key": "k"}, "S3 Error Code: NoSuchBucket"),
        ({"S3Bucket": "code-in-versions", "S3Key": "absent"}, "S3 Error Code: NoSuchKey"),
    ],
)
def test_code_that_is_not_there_or_no_zip_file_is_refused(
    lambda_client: "LambdaClient", deploy: Deploy, code: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(lambda_client.exceptions.InvalidParameterValueException, match=sentence):
        deploy("", Code=code)


def test_code_that_is_refused_or_only_tried_leaves_the_function_as_it_was(
    lambda_client: "LambdaClient", deploy: Deploy, client: Callable[[str], Any]
) -> None:
    name = deploy("def handle(e, c):\n    return 'old'")
    client("s3").create_bucket(Bucket="code-to-try")
    client("s3").put_object(
        Bucket="code-to-try", Key="f.zip", Body=package("def handle(e, c):\n    return 'new'")
    )
    with pytest.raises(lambda_client.exceptions.InvalidParameterValueException, match="Could not unzip"):
        lambda_client.update_function_code(FunctionName=name, ZipFile=b"no zip")
    lambda_client.update_function_code(FunctionName=name, S3Bucket="code-to-try", S3Key="f.zip", DryRun=True)

    assert invoke(lambda_client, name)[1] == "old"


def test_settings_that_change_nothing_are_kept(lambda_client: "LambdaClient", deploy: Deploy) -> None:
    name = deploy(COUNTER)
    lambda_client.update_function_configuration(
        FunctionName=name, EphemeralStorage={"Size": 1024}, TracingConfig={"Mode": "Active"}
    )
    found = lambda_client.get_function_configuration(FunctionName=name)
    assert (found["EphemeralStorage"], found["TracingConfig"]) == ({"Size": 1024}, {"Mode": "Active"})


def client_without_retries(client: "LambdaClient") -> "LambdaClient":
    import boto3
    from botocore.config import Config

    return boto3.client(
        "lambda",
        region_name="us-east-1",
        endpoint_url=client.meta.endpoint_url,
        aws_access_key_id="emulator",
        aws_secret_access_key="emulator",
        config=Config(retries={"total_max_attempts": 1}),
    )


def _messages(client: "CloudWatchLogsClient", group: str) -> list[str]:
    try:
        return [event["message"] for event in client.filter_log_events(logGroupName=group)["events"]]
    except client.exceptions.ResourceNotFoundException:
        return []
