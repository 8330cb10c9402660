"""Secrets planted everywhere, and everything that a command leaves behind searched for them.

Each secret is a canary of its own. None may stand in what is printed, at any verbosity, in the bucket, in
the state below .mwaactl, or among the arguments of a child process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import pytest

from mwaactl.cli.compose import Composition
from mwaactl.errors import ServiceError
from mwaactl.executor.cdk import CDK, CdkCli
from mwaactl.project.requirements.process import run_process
from tests.fakes.command_line import CONFIGURATION, CommandLine, InMemoryComposition
from tests.fakes.in_memory_aws import InMemoryAws, InMemoryBucket, InMemoryEnvironments, InMemoryLogs
from tests.fakes.in_memory_gate import InMemoryGate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mwaactl.cli.steps import Steps
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways, StackDeployer
    from mwaactl.observed import StoredObject
    from mwaactl.project.gate import Gate
    from mwaactl.project.requirements.process import Completed, OnLine

DAG = "import tables\nfrom airflow.sdk import DAG\nDAG('flights')\n"
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


@dataclass(slots=True)
class Canaries:
    """Makes secrets, and finds them again."""

    planted: dict[str, str] = field(default_factory=dict)

    def __call__(self, kind: str) -> str:
        return self.planted.setdefault(kind, f"c4n4ry{len(self.planted):02d}Secret")

    def aws_secret(self, kind: str) -> str:
        return f"{self(kind)}{'aB3/' * 10}"[:40]

    def private_key(self, kind: str) -> str:
        return f"-----BEGIN RSA PRIVATE KEY-----\n{self(kind)}\n-----END RSA PRIVATE KEY-----\n"

    def github_token(self, kind: str) -> str:
        return "gh" + "p_" + f"{self(kind)}{'a1B2' * 9}"[:36]

    def found_in(self, text: str) -> set[str]:
        return {kind for kind, secret in self.planted.items() if secret in text}


@dataclass(frozen=True, slots=True)
class RecordedCdk:
    """The real runner of the CDK with a Node that is a script; the stacks appear in memory."""

    cli: CdkCli
    world: StackDeployer

    def deploy(
        self,
        stacks: tuple[str, ...],
        parameters: Mapping[str, Mapping[str, str]],
        on_line: Callable[[str], None],
    ) -> None:
        self.cli.deploy(stacks, parameters, on_line)
        self.world.deploy(stacks, parameters, on_line)


@dataclass(slots=True)
class ScriptedInstaller(InMemoryGate):
    """Runs uv's script where uv or pip would be run.

    Attributes:
        uv: The script.
    """

    uv: str = "uv"

    @override
    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        if argv[0] == "ruff":
            return InMemoryGate.run(self, argv, cwd=cwd, environ=environ, timeout=timeout)
        return run_process([self.uv, *argv[1:]], cwd=cwd, environ=environ, timeout=timeout, on_line=on_line)


@dataclass(frozen=True, slots=True)
class RecordingComposition(InMemoryComposition):
    """Runs real child processes, of scripts that write down what they are given."""

    @override
    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        made = InMemoryComposition.gateways(self, root, environment)
        return replace(made, cdk=RecordedCdk(CdkCli(root, "local", self.environ), made.cdk))

    @override
    def gate(
        self,
        root: Path,
        airflow_version: str,
        steps: Steps,
        *,
        budget: float | None = None,
        keep: bool = True,
    ) -> Gate:
        uv = shutil.which("uv", path=self.environ["PATH"]) or "uv"
        made = ScriptedInstaller(driver=self.checks.driver, ruff=self.checks.ruff, uv=uv)
        return made.gate(root, airflow_version, self.environ, steps, keep=keep)


@dataclass(slots=True)
class FailingBucket(InMemoryBucket):
    """Refuses to write DAG files, if it is told why."""

    failure: Exception | None = None

    @override
    def put(self, key: str, content: bytes) -> StoredObject:
        if self.failure is not None and key.startswith("dags/"):
            raise self.failure
        return InMemoryBucket.put(self, key, content)


@dataclass(slots=True)
class PipLogs(InMemoryLogs):
    """Shows other lines than there are, if it is told which."""

    instead: tuple[str, ...] = ()

    @override
    def lines(self, group: str, stream: str, *, last: int = 1000) -> tuple[str, ...]:
        return self.instead or InMemoryLogs.lines(self, group, stream, last=last)


@dataclass(slots=True)
class FailingAirflow(InMemoryEnvironments):
    """Has an import error, if it is told which."""

    trace: str = ""

    @override
    def invoke(
        self,
        name: str,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        if not self.trace or path != "/importErrors":
            return InMemoryEnvironments.invoke(self, name, method, path, query, body)
        moment = datetime(2026, 11, 24, tzinfo=UTC).isoformat()
        failure = {"filename": "flights.py", "timestamp": moment, "stack_trace": self.trace}
        return {"import_errors": [{"import_error_id": 1, **failure}], "total_entries": 1}


@dataclass(slots=True)
class Planted:
    """A project full of secrets."""

    command: CommandLine
    canaries: Canaries
    tools: Path
    bucket: FailingBucket
    logs: PipLogs
    environments: FailingAirflow
    said: str = ""

    @property
    def root(self) -> Path:
        return self.command.root

    def write(self, path: str, content: str) -> None:
        self.command.write(path, content)

    def says(self, tool: str, text: str, code: int = 1) -> None:
        """Makes a tool write a text and end with a code."""
        (self.tools / f"{tool}.says").write_text(text + "\n")
        (self.tools / f"{tool}.code").write_text(str(code))

    def leaks(self, *arguments: str, shipped: tuple[str, ...] = ()) -> tuple[int, dict[str, set[str]]]:
        """Run a command; return its exit code and the canaries in what it left behind, by place."""
        result = self.command(*arguments)
        bucket = self.command.aws.bucket
        self.said += result.stdout + result.stderr
        places = {"stdout": result.stdout, "stderr": result.stderr}
        for (key, version), (_, content, _) in bucket.history.items():
            if key not in shipped:
                places[f"s3 {key} {version}"] = content.decode(errors="replace")
        state = self.root / ".mwaactl"
        for path in (each for each in state.rglob("*") if each.is_file()):
            places[str(path.relative_to(self.root))] = path.read_text(errors="replace")
        places["arguments"] = (self.tools / "arguments").read_text() if self._ran else ""
        found = {place: self.canaries.found_in(text) for place, text in places.items()}
        return result.code, {place: kinds for place, kinds in found.items() if kinds}

    @property
    def _ran(self) -> bool:
        return (self.tools / "arguments").exists()


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    """A project that can be deployed, with secrets in the environment, at home and in its folders."""
    canaries, tools = Canaries(), _tools(tmp_path / "tools")
    home = _home(tmp_path / "home", canaries)
    environ = {
        "NO_COLOR": "1",
        "COLUMNS": "80",
        "HOME": str(home),
        "PATH": f"{tools}:{os.environ['PATH']}",
        "AWS_SECRET_ACCESS_KEY": canaries.aws_secret("secret key in the environment"),
        "AWS_SESSION_TOKEN": "IQoJ" + canaries("session token in the environment") * 6,
        "GITHUB_TOKEN": canaries.github_token("token of the workflow"),
        "PGPASSWORD": canaries("password in the environment"),
        "PIP_INDEX_URL": f"https://dora:{canaries('index of pip')}@registry.internal/simple",
        "UV_INDEX_URL": f"https://{canaries('index of uv')}@registry.internal/simple",
        "DATABASE_URL": f"postgresql://etl:{canaries('address in the environment')}@db.internal/x",
        "AIRFLOW_CONN_DWH": f"redshift://etl:{canaries('connection in the environment')}@dwh.internal/x",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    logs, environments = PipLogs(), FailingAirflow()
    aws = InMemoryAws(logs=logs, environments=environments)
    aws.bucket = aws.airflow.bucket = bucket = FailingBucket(aws.clock, present=False)
    command = CommandLine(tmp_path / "project", RecordingComposition, aws=aws, environ=environ)
    planted = Planted(command, canaries, tools, bucket, logs, environments)
    _project(planted)
    return planted


def _tools(folder: Path) -> Path:
    folder.mkdir()
    for tool in ("uv", "node"):
        script = folder / tool
        script.write_text(
            f'#!/bin/sh\necho "$0 $*" >> {folder}/arguments\n'
            f"cat {folder}/{tool}.says >&2\nexit $(cat {folder}/{tool}.code)\n"
        )
    for tool in ("git", "bash"):
        real = shutil.which(tool)
        (folder / tool).write_text(f'#!/bin/sh\necho "$0 $*" >> {folder}/arguments\nexec {real} "$@"\n')
    for script in list(folder.iterdir()):
        script.chmod(0o755)
    for tool in ("uv", "node"):
        (folder / f"{tool}.says").write_text("done\n")
        (folder / f"{tool}.code").write_text("0")
    return folder


def _home(folder: Path, canaries: Canaries) -> Path:
    aws = folder / ".aws"
    aws.mkdir(parents=True)
    (aws / "credentials").write_text(
        "[default]\naws_access_key_id = AKIA" + "Q3EGTGYH2KLMNOPQ\n"
        f"aws_secret_access_key = {canaries.aws_secret('secret key at home')}\n"
        f"aws_session_token = {canaries('session token at home')}\n"
    )
    return folder


def _project(planted: Planted) -> None:
    canaries = planted.canaries
    files = {
        "mwaactl.toml": CONFIGURATION,
        "dags/tables.py": "TABLES = ()\n",
        "dags/flights.py": DAG,
        "plugins/flights_plugin/__init__.py": "",
        "requirements/requirements.txt": "cowsay==6.1\n",
        "startup/startup.sh": "export STAGE=dev\n",
        str(CDK): "",
        "dags/.env": f"PASSWORD={canaries('variables of the project')}\n",
        "dags/notes.txt": canaries.private_key("key under an innocent name"),
        "dags/settings.yaml": "AKIA" + f"Q3EGTGYH2KLMNOPQ: {canaries.aws_secret('login in a data file')}\n",
        "plugins/flights_plugin/id_rsa": canaries("key beside a plugin"),
        "plugins/flights_plugin/secrets.yml": f"password: {canaries('secrets of a plugin')}\n",
        "dags/terraform.tfstate": f'{{"password": "{canaries("state of Terraform")}"}}\n',
    }
    for name, content in files.items():
        planted.write(name, content)
    token = canaries.github_token("token in the remote of git")
    for arguments in (
        ("init", "-q"),
        ("remote", "add", "origin", f"https://dora:{token}@github.com/dora/flights.git"),
        ("add", "dags/flights.py"),
        ("-c", "user.name=dora", "-c", "user.email=dora@example.org", "commit", "-q", "-m", "first"),
    ):
        git = shutil.which("git", path=os.defpath) or "git"
        subprocess.run([git, *arguments], cwd=planted.root, check=True, env={**os.environ, **GIT})


def _option(option: str) -> Callable[[Planted], None]:
    def plant(planted: Planted) -> None:
        value = option.replace("CANARY", planted.canaries("option of Airflow"))
        table = "[environments.local.airflow_config_options]"
        planted.write("mwaactl.toml", f"{CONFIGURATION}\n{table}\n{value}\n")

    return plant


def _endpoint(planted: Planted) -> None:
    address = f"http://dora:{planted.canaries('login in the endpoint')}@127.0.0.1:4577"
    planted.write("mwaactl.toml", CONFIGURATION.replace("http://127.0.0.1:4577", address))


def _file(path: str, content: Callable[[Canaries], str]) -> Callable[[Planted], None]:
    return lambda planted: planted.write(path, content(planted.canaries))


def _requirement(line: str) -> Callable[[Planted], None]:
    return _file(
        "requirements/requirements.txt",
        lambda canaries: f"cowsay==6.1\n{line.replace('CANARY', canaries('address of a requirement'))}\n",
    )


def _startup(line: str) -> Callable[[Planted], None]:
    return _file("startup/startup.sh", lambda canaries: line.replace("CANARY", canaries("startup script")))


def _uv_says(text: str) -> Callable[[Planted], None]:
    return lambda planted: planted.says("uv", text.replace("CANARY", planted.canaries("words of uv")))


def _cdk_says(planted: Planted) -> None:
    secret = planted.canaries("words of the CDK")
    planted.says(
        "node",
        f"fetching https://dora:{secret}@registry.internal/asset\n"
        f"❌  flights-local-storage failed: Error: cannot connect: password={secret} at https://x:{secret}@h/",
    )


def _s3_fails(error: Callable[[str], Exception]) -> Callable[[Planted], None]:
    def plant(planted: Planted) -> None:
        planted.bucket.failure = error(planted.canaries("words of an exception"))

    return plant


def _service_error(secret: str) -> Exception:
    message = f"s3 PutObject could not be asked: proxy http://dora:{secret}@proxy:3128 refused"
    return ServiceError(message, service="s3", operation="PutObject", error_code="ProxyConnectionError")


def _import_error(planted: Planted) -> None:
    secret = planted.canaries("words of an import error")
    planted.environments.trace = (
        "Traceback (most recent call last):\n"
        '  File "/usr/local/airflow/dags/flights.py", line 3, in <module>\n'
        f"    connect()\nOperationalError: cannot connect to postgresql://etl:{secret}@db.internal/x\n"
    )


def _parse_error(planted: Planted) -> None:
    secret = planted.canaries("words of the parser")
    trace = (
        f"Traceback (most recent call last):\nOperationalError: refused mysql://etl:{secret}@db.internal/x\n"
    )
    planted.command.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": trace}]}


def _pip_log(planted: Planted) -> None:
    index = f"https://dora:{planted.canaries('log of pip in CloudWatch')}@registry.internal/simple"
    planted.logs.instead = (
        f"Looking in indexes: {index}",
        f"ERROR: Could not find a version that satisfies the requirement cowsay==6.1 (from {index})",
    )


def _code(text: Callable[[Canaries], str], path: str = "dags/a.py") -> Callable[[Planted], None]:
    return _file(path, lambda made: f'VALUE = """{text(made)}"""\n')


# What is planted besides, and what the deployment ends with.
SCENARIOS: Mapping[str, tuple[Callable[[Planted], None], int, str]] = {
    "nothing else": (lambda _: None, 0, "record release"),
    "a warning in the startup script": (
        _startup("export AIRFLOW_VAR_TOKEN=CANARY\n"),
        0,
        "`AIRFLOW_VAR_TOKEN` has the name of a secret",
    ),
    "a password in the startup script": (
        _startup("export AIRFLOW__SMTP__SMTP_PASSWORD=CANARY\n"),
        1,
        "is a secret",
    ),
    "a connection in the startup script": (
        _startup("export AIRFLOW_CONN_X=http://x:CANARY@h/\n"),
        1,
        "holds an address with a password",
    ),
    "a syntax error in the startup script": (_startup("TOKEN='CANARY\n"), 1, "is not a bash script"),
    "a key in a DAG": (_code(lambda made: made.private_key("key in a DAG")), 1, "holds a private key"),
    "a login in a DAG": (
        _code(lambda made: f"secret_access_key={made.aws_secret('login in a DAG')}"),
        1,
        "holds an AWS secret access key",
    ),
    "a token in a plugin": (
        _code(lambda made: made.github_token("token in a plugin"), "plugins/p/a.py"),
        1,
        "holds a GitHub token",
    ),
    "an address in a DAG": (
        _code(lambda made: f"redis://x:{made('address in a DAG')}@cache.internal/0"),
        0,
        "holds an address with a password",
    ),
    "a syntax error in a DAG": (
        _file("dags/a.py", lambda made: f"PASSWORD = '{made('syntax error')}\n"),
        1,
        "unterminated string",
    ),
    "an index in the requirements": (
        _requirement("--index-url https://dora:CANARY@registry.internal/x"),
        1,
        "lets another index answer",
    ),
    "an address in the requirements": (
        _requirement("x @ https://dora:CANARY@registry.internal/x.whl"),
        1,
        "comes from an address",
    ),
    "a token in the requirements": (
        _requirement("git+https://CANARY@github.com/dora/x.git"),
        1,
        "git+https://***@github.com/dora/x.git",
    ),
    "a password among the options": (_option('"smtp.smtp_password" = "CANARY"'), 1, "is a secret"),
    "a connection among the options": (
        _option('"x.y" = "mysql://dora:CANARY@db/x"'),
        1,
        "holds an address with a password",
    ),
    "a list among the options": (_option('"smtp.smtp_password" = ["CANARY"]'), 1, "must be text in quotes"),
    "JSON among the options": (
        _option('"secrets.backend_kwargs" = \'{"token": "CANARY"}\''),
        1,
        "holds a secret under `token`",
    ),
    "a login in the endpoint": (_endpoint, 1, "holds a login"),
    "uv finds no solution": (
        _uv_says("  x No solution found: https://dora:CANARY@registry.internal/"),
        1,
        "No solution found",
    ),
    "uv cannot ask": (
        _uv_says("error: could not be queried: https://CANARY@registry.internal/simple"),
        1,
        "https://***@registry.internal/simple",
    ),
    "the CDK fails": (_cdk_says, 1, "password=*** at https://***@h/"),
    "S3 refuses": (_s3_fails(_service_error), 1, "http://***@proxy:3128 refused"),
    "S3 breaks": (
        _s3_fails(lambda secret: RuntimeError(f"cannot open host=db password={secret} port=1")),
        1,
        "host=db password=*** port=1",
    ),
    "Airflow's parser fails": (_parse_error, 0, "mysql://***@db.internal/x"),
    "Airflow cannot import": (_import_error, 1, "postgresql://***@db.internal/x"),
    "pip fails on MWAA": (_pip_log, 1, "https://***@registry.internal/simple"),
}
# The user ships these on purpose, or has been warned.
SHIPPED = ("dags/a.py", "dags/flights.py", "artifacts/startup.sh")


@pytest.mark.parametrize("flags", [("-v",), ("-v", "--json")], ids=" ".join)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_deployment_leaves_no_secret_behind(
    planted: Planted, scenario: str, flags: tuple[str, ...]
) -> None:
    plant, ends_with, said = SCENARIOS[scenario]
    plant(planted)
    verbose, json = ([flag] if flag in flags else [] for flag in ("-v", "--json"))

    commands = ("check", "plan", "deploy")
    leaks = [planted.leaks(*verbose, command, *json, shipped=SHIPPED) for command in commands]

    assert [found for _, found in leaks] == [{}, {}, {}]
    assert leaks[-1][0] == ends_with
    assert said in planted.said


def test_more_than_25_kinds_of_secrets_are_planted(planted: Planted) -> None:
    for plant, _, _ in SCENARIOS.values():
        plant(planted)
    assert len(planted.canaries.planted) >= 25


def test_a_leak_would_be_found(planted: Planted) -> None:
    secret = planted.canaries("name of a DAG file")
    planted.write(f"dags/{secret}.py", DAG)
    assert planted.leaks("plan") == (0, {"stdout": {"name of a DAG file"}})
    _, found = planted.leaks("deploy")
    assert any(place.startswith("s3 releases/") for place in found)


def test_child_processes_were_recorded(planted: Planted) -> None:
    planted.leaks("deploy")
    run = {Path(line.split()[0]).name for line in (planted.tools / "arguments").read_text().splitlines()}
    assert run == {"uv", "node", "git", "bash"}


@pytest.mark.parametrize("flags", [(), ("-v",)], ids=" ".join)
@pytest.mark.parametrize(
    "arguments", [("run", "trigger", "x", "--conf", "{'token': 'CANARY'"), ("plan", "-e", "CANARY")]
)
def test_a_secret_that_is_typed_is_not_repeated(
    planted: Planted, flags: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    typed = tuple(each.replace("CANARY", planted.canaries.github_token("typed")) for each in arguments)
    code, found = planted.leaks(*flags, *typed)
    assert code in (1, 2)
    assert found == {}


@dataclass(frozen=True, slots=True)
class RealGateways(InMemoryComposition):
    """Makes the clients of boto3, which read the files of the AWS command line."""

    @override
    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        return Composition.gateways(self, root, environment)


def _broken_credentials(planted: Planted, home: Path) -> None:
    secret = planted.canaries.aws_secret("line that is no setting")
    (home / ".aws" / "credentials").write_text(f"[default]\n{secret}\n= {secret}\n")


def _broken_endpoint(planted: Planted, home: Path) -> None:
    address = f"http://dora:{planted.canaries('endpoint of a service')}@[local"
    (home / ".aws" / "config").write_text(
        f"[default]\nservices = x\n[services x]\ns3 =\n  endpoint_url = {address}\n"
    )


def _broken_process(planted: Planted, home: Path) -> None:
    secret = planted.canaries("words of a credential process")
    (home / ".aws" / "credentials").unlink()
    script = f"echo password={secret} >&2; exit 1"
    (home / ".aws" / "config").write_text(f"[default]\ncredential_process = sh -c '{script}'\n")


# mwaactl -v plan
@pytest.mark.parametrize("breaks", [_broken_credentials, _broken_endpoint, _broken_process])
def test_what_is_wrong_with_the_files_of_aws_is_told_without_them(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, breaks: Callable[[Planted, Path], None]
) -> None:
    breaks(planted, Path(planted.command.environ["HOME"]))
    for variable in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(variable)
    planted.write("mwaactl.toml", CONFIGURATION.replace('endpoint_url = "http://127.0.0.1:4577"', ""))
    planted.command.compose = RealGateways

    code, found = planted.leaks("-v", "plan")

    assert (code, found) == (1, {})
    assert "error: " in planted.said
