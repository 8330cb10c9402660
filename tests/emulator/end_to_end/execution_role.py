"""The environment's execution role, and what it is like without one of its statements."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.project_copy import ProjectCopy


def role_of(project: ProjectCopy) -> str:
    arn: str = aws(project, "mwaa").get_environment(Name="flights-local")["Environment"]["ExecutionRoleArn"]
    return arn


@contextmanager
def without(project: ProjectCopy, sid: str) -> Iterator[None]:
    """Take one statement out of the role's policies, and put it back in the end."""
    iam, role = aws(project, "iam"), role_of(project).rpartition("/")[2]
    documents = {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    }
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
