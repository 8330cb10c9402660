"""Records what every role asks for while the project is deployed, run, changed, rolled back and hardened.

    python -m tests.infra.record_accesses

starts an emulator with a real Airflow for a copy of the project, deploys the stack with the roles of
continuous deployment, types the commands of the workflow under these roles, and writes
`recorded_accesses.jsonl` from what the emulator's IAM was asked (`mwaactl emulator iam trace`). It ends at
the first denial, and takes some minutes. Ids that differ from run to run are replaced by names.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.emulator.end_to_end.conftest import required_wheels
from tests.emulator.end_to_end.landed_data import DATA_BUCKET, aws, land_data_set
from tests.emulator.end_to_end.project_copy import ProjectCopy, copy_project
from tests.fakes.package_index import package_index
from tests.infra.recorded_accesses import RECORDED

DEPLOYMENT = """
[environments.local.deployment]
repository = "organisation/flights"
creates_stacks = true

[environments.local.secrets]
connections_prefix = "airflow/connections"
variables_prefix = "airflow/variables"
"""
CONNECTION_DAG = """from airflow.sdk import DAG, BaseHook, task

with DAG("added", schedule=None):

    @task
    def look():
        assert BaseHook.get_connection("lake").host == "lake.example.com"

    look()
"""
STACK = "flights-local-deployment"
# What a role of the project is called by, to what its name has in it.
ROLES = {
    "execution": "ExecutionRole",
    "copy": "CopyRole",
    "normalise": "NormaliseRole",
    "deploy": "-DeployRole",
    "plan": "-PlanRole",
}
NAMED: tuple[tuple[str, str], ...] = (
    # MWAA lets a caller in as the strongest role of Airflow's that the caller's policies grant.
    (r":role/flights-local/(Admin|Op|User|Viewer)\b", ":role/flights-local/Viewer"),
    (r":key/[0-9a-f-]{36}", ":key/of-the-environment"),
    (r":workgroup/[0-9a-f-]{36}", ":workgroup/of-the-environment"),
    (r"(:stack/[a-z-]+)/[0-9a-f-]{36}", r"\1/id"),
    (r"run_id=[^/]+", "run_id=manual"),
    (r"\d{8}T\d{9}Z-[0-9a-f]{8}", "20261127T120000000Z-0a1b2c3d"),
    (r"airflow-celery-[0-9a-f-]{36}", "airflow-celery-of-the-environment"),
    (r"[0-9a-f]{64}", "of-an-asset"),
    (r"\b[0-9a-f]{32}\b", "etag-of-a-content"),
    # Names of attempts and contents in the data sets of assets, and of moments in their history.
    (r"\b[0-9a-f]{16}\b", "of-a-content"),
    (r"\d{4}-\d\d-\d\dT\d\d[:%0-9A-F.]+(\+|%2B)00[:%0-9A-F]+\.json", "moment.json"),
    (r"(requirements_install|startup_script_execution)_[^\"]+?\.log", r"\1_host.log"),
)


def main() -> int:
    """Record, and tell how much was found."""
    with tempfile.TemporaryDirectory() as folder, package_index(*required_wheels()) as index_url:
        project = copy_project(Path(folder) / "project", index_url)
        _done(project, {}, "emulator", "up")
        try:
            lines = sorted(set(_recorded(project, Path(folder))))
        finally:
            project.mwaactl("emulator", "down")
    RECORDED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} accesses\n")
    return 0


def _recorded(project: ProjectCopy, folder: Path) -> Iterable[str]:
    config = project.root / "mwaactl.toml"
    config.write_text(config.read_text(encoding="utf-8") + DEPLOYMENT, encoding="utf-8")
    _deploy_roles(project)
    deployer, planner = _session(project, "DeployRoleArn"), _session(project, "PlanRoleArn")
    _done(project, planner, "plan", "-e", "local", codes=(0, 3))
    _done(project, deployer, "deploy", "-e", "local")
    land_data_set(project, folder)
    _done(project, {}, "run", "trigger", "nyc_flights_elt", "-e", "local", "--wait")
    _run_reference_pipelines(project)
    _change(project)
    _done(project, planner, "plan", "-e", "local", codes=(0, 3))
    _done(project, deployer, "deploy", "-e", "local", "--rollback-on-failure")
    _keep_connection(project)
    _done(project, {}, "run", "trigger", "added", "-e", "local", "--wait")
    _done(project, deployer, "release", "list", "-e", "local")
    _done(project, deployer, "rollback", "-e", "local")
    _done(project, deployer, "harden", "-e", "local")
    _change_past_the_stack(project)
    _done(project, planner, "plan", "-e", "local", codes=(0, 3))
    _done(project, deployer, "deploy", "-e", "local")
    return _lines(project.answer("emulator", "iam", "trace"))


def _run_reference_pipelines(project: ProjectCopy) -> None:
    """Run what asks for more than the first pipeline: checks that fail and pass, state, items, files."""
    s3, weather = aws(project, "s3"), "landing/nyc_flights/weather.csv"
    good = s3.get_object(Bucket=DATA_BUCKET, Key=weather)["Body"].read().splitlines()[:200]
    bad = [line.replace(b"EWR", b"XXX") for line in good]
    for body, code in ((bad, 1), (good, 0)):
        s3.put_object(Bucket=DATA_BUCKET, Key="landing/quality_gate/weather.csv", Body=b"\n".join(body))
        _done(project, {}, "run", "trigger", "weather_quality_gate", "-e", "local", "--wait", codes=(code,))
    s3.put_object(Bucket=DATA_BUCKET, Key="landing/on_arrival/weather/weather.csv", Body=b"\n".join(good))
    for dag_id in ("flights_incremental", "reverse_etl"):
        _done(project, {}, "run", "trigger", dag_id, "-e", "local", "--wait")


def _keep_connection(project: ProjectCopy) -> None:
    """Keep a connection in Secrets Manager, under the environment's key."""
    secret = json.dumps({"conn_type": "generic", "host": "lake.example.com"})
    aws(project, "secretsmanager").create_secret(
        Name="airflow/connections/lake", SecretString=secret, KmsKeyId="alias/flights-local"
    )


def _deploy_roles(project: ProjectCopy) -> None:
    """Deploy the stack with the roles, as an administrator does."""
    sys.stdout.write(f"npx cdk deploy {STACK}\n")
    script = f"npx cdk deploy {STACK} --require-approval never"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project.root,
        env=project.exports(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)


def _change_past_the_stack(project: ProjectCopy) -> None:
    """Give the environment an earlier startup script than its stack names, as one can in the console."""
    s3, mwaa = aws(project, "s3"), aws(project, "mwaa")
    bucket, key = "flights-local-source-123456789012-us-east-1", "artifacts/startup.sh"
    versions = s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    present = mwaa.get_environment(Name="flights-local")["Environment"]["StartupScriptS3ObjectVersion"]
    earlier = next(each["VersionId"] for each in versions if each["VersionId"] != present)
    mwaa.update_environment(
        Name="flights-local", StartupScriptS3ObjectVersion=earlier, StartupScriptS3Path=key
    )
    while mwaa.get_environment(Name="flights-local")["Environment"]["Status"] != "AVAILABLE":
        time.sleep(1)


def _change(project: ProjectCopy) -> None:
    """Change a DAG, add one that looks a connection up, and change an artifact."""
    dag = project.root / "dags" / "nyc_flights_elt.py"
    dag.write_text(dag.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    (project.root / "dags" / "added.py").write_text(CONNECTION_DAG, encoding="utf-8")
    script = project.root / "startup" / "startup.sh"
    script.write_text(script.read_text(encoding="utf-8") + "\nexport CHANGED=yes\n", encoding="utf-8")


def _session(project: ProjectCopy, output: str) -> dict[str, str]:
    """Take a role as a workflow does, by a token of GitHub; return the variables of the session."""
    [stack] = aws(project, "cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    [arn] = [each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == output]
    keys = aws(project, "sts").assume_role_with_web_identity(
        RoleArn=arn, RoleSessionName="GitHubActions", WebIdentityToken="token of GitHub"
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }


def _done(
    project: ProjectCopy, session: dict[str, str], *arguments: str, codes: tuple[int, ...] = (0,)
) -> None:
    sys.stdout.write(f"mwaactl {' '.join(arguments)}\n")
    done = project.run("mwaactl", *arguments, environment=session)
    if done.returncode not in codes:
        raise SystemExit(done.stdout + done.stderr)


def _lines(trace: list[dict[str, Any]]) -> Iterable[str]:
    for each in trace:
        for role, part in ROLES.items():
            if part in each["entity"]:
                yield _line(role, each)


def _line(role: str, access: Mapping[str, Any]) -> str:
    if not access["allowed"]:
        message = f"{role} was denied {access['action']} on {access['resource']}"
        raise SystemExit(message)
    keys = {key: "v1" if key == "s3:versionid" else value for key, value in access["keys"].items()}
    fields = {"role": role, "action": access["action"], "resource": access["resource"], "keys": keys}
    line = json.dumps(fields)
    for pattern, name in NAMED:
        line = re.sub(pattern, name, line)
    return line


if __name__ == "__main__":
    sys.exit(main())
