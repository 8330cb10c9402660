"""The tutorial followed to the letter, docs/guides/write-a-pipeline.md: what it shows is what happens."""

import re
from collections.abc import Iterator
from textwrap import indent

import pytest

from tests.emulator.end_to_end.execution_role import without
from tests.emulator.end_to_end.landed_data import DATA_BUCKET, DATASET, aws
from tests.emulator.end_to_end.project_copy import ROOT, ProjectCopy

pytestmark = [pytest.mark.whole, pytest.mark.timeout(900)]

GUIDE = (ROOT / "docs" / "guides" / "write-a-pipeline.md").read_text(encoding="utf-8")
LAST_DECLARATION = "    _reference_pipelines(policy, landscape)\n"
OF_OTHERS = "ReferenceRead"
"""The statement by which other pipelines read what the tutorial's DAG reads."""


def code(first_line: str) -> str:
    """Return the block of Python in the guide that begins so."""
    [found] = re.findall(rf"```python\n({re.escape(first_line)}.*?)```", GUIDE, re.DOTALL)
    return str(found)


def shown(command: str, after: str) -> list[str]:
    """Return what the guide shows of a command below a heading, each number as `N`."""
    section = GUIDE.partition(f"## {after}\n")[2].partition("\n## ")[0]
    [found] = re.findall(rf"^\$ {re.escape(command)}\n(.*?)(?=^\$ |^```)", section, re.DOTALL | re.MULTILINE)
    return masked(found)


def masked(text: str) -> list[str]:
    """Return lines of which numbers, and names made of some, are `N`, however wide they are."""
    ids = re.sub(r"manual__\S+|\d{8}T\w+Z-\w+", "N", text)
    lines = re.sub(r"\d[\d,.]*", "N", ids).splitlines()
    return [re.sub(r" {2,}", "  ", line.rstrip()) for line in lines]


@pytest.fixture
def tutorial(deployed: ProjectCopy) -> Iterator[ProjectCopy]:
    """The project with the tutorial's DAG and what it may do; what other tests run on is as it was then."""
    declared, dag = deployed.root / "infra" / "pipelines.py", deployed.root / "dags" / "airports.py"
    before = declared.read_text(encoding="utf-8")
    assert LAST_DECLARATION in before
    added = LAST_DECLARATION + indent(code("airports = policy"), "    ")
    declared.write_text(before.replace(LAST_DECLARATION, added), encoding="utf-8")
    dag.write_text(code("# dags/airports.py"), encoding="utf-8")
    airports = (DATASET / "airports.csv").read_bytes()
    aws(deployed, "s3").put_object(Bucket=DATA_BUCKET, Key="landing/nyc_flights/airports.csv", Body=airports)
    yield deployed
    declared.write_text(before, encoding="utf-8")
    dag.unlink(missing_ok=True)
    deploy_stack(deployed)


def deploy_stack(project: ProjectCopy) -> None:
    """Do what the guide says, and answer what the CDK asks at a terminal."""
    answered = ("flights-local-environment", "--require-approval", "never")
    done = project.run("npx", "cdk", "deploy", *answered, environment=project.exports())
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_dag_is_added_and_allowed_and_runs_and_goes_again(tutorial: ProjectCopy) -> None:
    deploy_stack(tutorial)
    plan = tutorial.mwaactl("plan")
    deploy = tutorial.mwaactl("deploy")
    with without(tutorial, OF_OTHERS):
        run = tutorial.mwaactl("run", "trigger", "airports", "--wait")
    logs = ("logs", "filter-log-events", "--log-group-name", "airflow-flights-local-Task")
    options = ("--filter-pattern", "landed", "--query", "events[].message", "--output", "text")
    said = tutorial.run("aws", *logs, *options, environment=tutorial.exports())
    (tutorial.root / "dags" / "airports.py").unlink()
    plan_without = tutorial.mwaactl("plan")
    removed = tutorial.mwaactl("deploy")

    assert masked(plan.stdout) == shown("mwaactl plan", "Deploy it")
    assert masked(deploy.stderr + deploy.stdout) == shown("mwaactl deploy", "Deploy it")
    [first, *_, last] = shown("mwaactl run trigger airports --wait", "Run it")
    told = masked(run.stderr + run.stdout)
    assert (run.returncode, told[0], told[-1]) == (0, first, last), run.stdout + run.stderr
    assert '"event": "1458 airports have landed"' in said.stdout, said.stdout + said.stderr
    assert masked(plan_without.stdout) == shown("mwaactl plan", "Remove a DAG")
    assert removed.returncode == 0, removed.stdout + removed.stderr
