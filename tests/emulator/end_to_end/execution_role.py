"""The environment's execution role: its policies, a statement less, and what became of its permissions."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.project_copy import ProjectCopy


def role_of(project: ProjectCopy) -> str:
    """Return the role's ARN."""
    arn: str = aws(project, "mwaa").get_environment(Name="flights-local")["Environment"]["ExecutionRoleArn"]
    return arn


def policies_of_the_role(project: ProjectCopy) -> dict[str, Any]:
    """Return the role's own policies: name to document."""
    iam, role = aws(project, "iam"), role_of(project).rpartition("/")[2]
    return {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }


@contextmanager
def without(project: ProjectCopy, sid: str) -> Iterator[None]:
    """Take one statement out of the role's policies, and put it back in the end."""
    iam, role = aws(project, "iam"), role_of(project).rpartition("/")[2]
    documents = policies_of_the_role(project)
    [name] = [
        name
        for name, document in documents.items()
        if sid in {statement["Sid"] for statement in document["Statement"]}
    ]
    kept = [statement for statement in documents[name]["Statement"] if statement["Sid"] != sid]
    less = documents[name] | {"Statement": kept}
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(less))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(documents[name]))


def usage(project: ProjectCopy) -> dict[str, Any]:
    """Return what the role used and was denied since the emulator started."""
    [found] = [
        each for each in project.answer("emulator", "iam", "report") if each["entity"] == role_of(project)
    ]
    return dict(found)
