"""A moto server whose Lambda runs handlers, and a client on it."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.server import ThreadedMotoServer

from mwaactl.emulator import functions
from mwaactl.emulator.credentials import OnBehalf
from mwaactl.emulator.guardian import Guardian
from mwaactl.emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient

ROOT = Path(__file__).parents[3]
Deploy = Callable[..., str]


class StaticCredentials:
    """Gives every role the same keys, which moto takes."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url

    def environment_for(self, role_arn: str, session_name: str, on_behalf: OnBehalf) -> dict[str, str]:
        assert on_behalf.service == "lambda.amazonaws.com"
        return {
            "AWS_ENDPOINT_URL": self._endpoint_url,
            "AWS_ACCESS_KEY_ID": "key-of-" + session_name,
            "AWS_SECRET_ACCESS_KEY": "secret",
            "TEST_ROLE": role_arn,
        }


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server whose functions run."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    address = "http://{}:{}".format(*moto.get_host_and_port())
    project = EmulatorSettings.for_project(ROOT)
    settings = EmulatorSettings(
        project_root=ROOT,
        state_dir=tmp_path_factory.mktemp("emulator"),
        runtimes_dir=project.runtimes_dir,
        uv=project.uv,
        retry_pause=0.05,
    )
    guardian = Guardian(settings)
    event_sources = functions.install(
        settings,
        guardian,
        StaticCredentials(address),  # type: ignore[arg-type]
        lambda function, service, region: boto3.client(  # type: ignore[call-overload]
            service,
            region_name=region,
            endpoint_url=address,
            aws_access_key_id=f"key-of-{function.name}",
            aws_secret_access_key="secret",
        ),
    )
    lambda_backends.clear()  # what another test of this process may have made
    event_sources.start()
    yield address
    event_sources.close()
    guardian.close(grace=0)
    moto.stop()
    lambda_backends.backend = LambdaBackend
    lambda_backends.clear()


@pytest.fixture(scope="session")
def client(server: str) -> Callable[[str], Any]:
    """Make boto3 clients on the server."""
    session = boto3.Session(
        aws_access_key_id="emulator", aws_secret_access_key="emulator", region_name="us-east-1"
    )
    return lambda service: session.client(service, endpoint_url=server)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def lambda_client(client: Callable[[str], Any]) -> "LambdaClient":
    made: LambdaClient = client("lambda")
    return made


@pytest.fixture(scope="session")
def logs_client(client: Callable[[str], Any]) -> "CloudWatchLogsClient":
    made: CloudWatchLogsClient = client("logs")
    return made


@pytest.fixture(scope="session")
def role(client: Callable[[str], Any]) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    made = client("iam").create_role(RoleName="handlers", AssumeRolePolicyDocument=json.dumps(trust))
    anything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    client("iam").put_role_policy(RoleName="handlers", PolicyName="all", PolicyDocument=json.dumps(anything))
    arn: str = made["Role"]["Arn"]
    return arn


def package(source: str, name: str = "handler.py") -> bytes:
    """Return a zip file with one member, for example a deployment package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, source)
    return buffer.getvalue()


@pytest.fixture
def deploy(lambda_client: "LambdaClient", role: str, request: pytest.FixtureRequest) -> Iterator[Deploy]:
    """Deploy a function named after the test and return its name; it is deleted afterwards."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", request.node.name)[:60]
    made = []

    def create(source: str, **members: Any) -> str:
        lambda_client.create_function(
            **{
                "FunctionName": name,
                "Runtime": "python3.12",
                "Role": role,
                "Handler": "handler.handle",
                "Code": {"ZipFile": package(source)},
                "Timeout": 10,
                "MemorySize": 256,
                **members,
            }
        )
        made.append(name)
        return name

    yield create
    for function in made:
        lambda_client.delete_function(FunctionName=function)


@pytest.fixture(scope="session", autouse=True)
def no_profile() -> Iterator[None]:
    """Keep the developer's own AWS settings out."""
    before = dict(os.environ)
    os.environ.pop("AWS_PROFILE", None)
    os.environ.pop("AWS_ENDPOINT_URL", None)
    yield
    os.environ.clear()
    os.environ.update(before)
