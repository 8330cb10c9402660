"""The shipped roles allow what was recorded and nothing without need, before and after `mwaactl harden`.

The accesses are recorded on the emulator (`recorded_accesses.jsonl`); what only AWS itself does with a role
is named in the catalogue. `must_deny.jsonl` lists calls that each role must be denied.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from mwaactl.catalog.role_use import used_by_aws
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.policy import Kind, Policy
from tests.infra.recorded_accesses import RecordedAccess, RoleName, recorded_accesses
from tests.infra.roles import ACCOUNT, TemplateRole, bucket_policy, managed_policy, role_of
from tests.infra.templates import SynthesisedEnvironment, as_list

MUST_DENY = Path(__file__).with_name("must_deny.jsonl")
QUEUE = "arn:aws:sqs:us-east-1:999900001111:airflow-celery-of-the-environment"
HARDENED = {"CeleryQueueArn": QUEUE}
ROLES: tuple[RoleName, ...] = get_args(RoleName.__value__)
CONTEXT = "kms:encryptioncontext:secretarn"
WRITERS = ("dag_writer", "artifact_writer")
# What a stranger's queue, bucket or key may say: it keeps nobody out.
EVERYTHING = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}
OPEN = {"Version": "2012-10-17", "Statement": [{**EVERYTHING, "Principal": "*"}]}
MIGHTY = {"Version": "2012-10-17", "Statement": [EVERYTHING]}
HARDENING = pytest.mark.parametrize("hardened", [False, True], ids=["before harden", "after harden"])


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One call that must be denied."""

    access: RecordedAccess
    after: str | None


def shipped(environment: SynthesisedEnvironment, name: str, *, hardened: bool = False) -> TemplateRole:
    match name:
        case "execution":
            return role_of(environment.environment, "Execution", name, HARDENED if hardened else None)
        case "copy":
            return role_of(environment.warehouse, "Copy", name)
        case "normalise":
            return role_of(environment.functions, "Normalise", name)
        case "deploy" | "plan":
            return role_of(environment.deployment, name.capitalize(), name)
        case _:
            return managed_policy(environment.storage, name.title().replace("_", ""), name)


def denials(role: TemplateRole, accesses: list[RecordedAccess]) -> list[str]:
    policies = role.policies()
    return [sentence for each in accesses if (sentence := role.denied(each, policies))]


def forbidden(role: str, *, hardened: bool) -> Iterator[Forbidden]:
    for line in MUST_DENY.read_text(encoding="utf-8").splitlines():
        fields: dict[str, Any] = json.loads(line)
        if fields["role"] == role and (hardened or fields.get("after") is None):
            access = RecordedAccess(role, fields["action"], fields["resource"], fields.get("keys", {}))
            yield Forbidden(access, fields.get("after"))


def open_policy(resource: str) -> Policy | None:
    """What a resource of another account allows: everything."""
    foreign = f":{ACCOUNT}:" not in resource and resource.startswith(("arn:aws:sqs", "arn:aws:kms"))
    return read_policy(json.dumps(OPEN), Kind.RESOURCE, "of a stranger") if foreign else None


def allowed(role: TemplateRole, calls: Iterator[Forbidden]) -> list[tuple[str, str]]:
    return [
        (each.access.action, each.access.resource)
        for each in calls
        if not role.denied(each.access, role.policies(open_policy(each.access.resource)))
    ]


@HARDENING
@pytest.mark.parametrize("name", ROLES)
def test_role_allows_all_that_was_recorded(
    continuous: SynthesisedEnvironment, name: RoleName, *, hardened: bool
) -> None:
    recorded = recorded_accesses(name)

    assert recorded
    assert denials(shipped(continuous, name, hardened=hardened), recorded) == []


def test_deploy_role_may_narrow_the_endpoint_of_sqs_too(continuous: SynthesisedEnvironment) -> None:
    stack = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/flights-local-network/id"
    update = RecordedAccess("deploy", "cloudformation:UpdateStack", stack, {})

    assert denials(shipped(continuous, "deploy"), [update]) == []


def superfluous(role: TemplateRole, accesses: list[RecordedAccess]) -> set[tuple[str, str]]:
    """Statements and actions without which nothing that was recorded is denied."""
    return {
        (sid, action) for sid, action in role.actions() if not denials(role.without(sid, action), accesses)
    }


@pytest.mark.parametrize("name", ROLES)
def test_no_action_is_superfluous_but_what_aws_itself_uses(
    continuous: SynthesisedEnvironment, name: RoleName
) -> None:
    recorded = [*recorded_accesses(name), *(looked_up() if name == "execution" else ())]
    found = superfluous(shipped(continuous, name), recorded)

    assert sorted(found - set(used_by_aws(name))) == []
    assert sorted(set(used_by_aws(name)) - found) == []


def looked_up() -> list[RecordedAccess]:
    """What a connection takes, after the warehouse's secret: the recorded run had no prefix configured."""
    of_secrets = (each for each in recorded_accesses("execution") if _is_of_secret(each))
    return [
        dataclasses.replace(
            each,
            resource=_connection(each.resource),
            keys={key: _connection(value) if CONTEXT in key else value for key, value in each.keys.items()},
        )
        for each in of_secrets
    ]


def _is_of_secret(access: RecordedAccess) -> bool:
    return access.action == "secretsmanager:GetSecretValue" or CONTEXT in access.keys


def _connection(value: str | tuple[str, ...]) -> str:
    return re.sub(r":secret:.*", ":secret:airflow/connections/lake-AbCdEf", str(value))


def test_an_action_that_nothing_needs_is_found(continuous: SynthesisedEnvironment) -> None:
    role = shipped(continuous, "copy")
    more = {**role.documents[0], "Statement": [*role.documents[0]["Statement"], EXTRA]}
    grown = TemplateRole("copy", (more,), None)
    found = superfluous(grown, recorded_accesses("copy"))

    assert found - set(used_by_aws("copy")) == {("Extra", "s3:GetObjectTagging")}


EXTRA = {"Sid": "Extra", "Effect": "Allow", "Action": "s3:GetObjectTagging", "Resource": "*"}


@HARDENING
@pytest.mark.parametrize("name", [*ROLES, *WRITERS])
def test_role_is_denied_what_it_must_not_do(
    continuous: SynthesisedEnvironment, name: str, *, hardened: bool
) -> None:
    calls = list(forbidden(name, hardened=hardened))

    assert calls
    assert allowed(shipped(continuous, name, hardened=hardened), iter(calls)) == []


def test_corpus_is_large_enough() -> None:
    assert len(MUST_DENY.read_text(encoding="utf-8").splitlines()) >= 40


def test_harden_closes_the_queues_of_strangers_and_keeps_the_environments_own(
    continuous: SynthesisedEnvironment,
) -> None:
    open_role, closed = (shipped(continuous, "execution", hardened=each) for each in (False, True))
    closing = [each for each in forbidden("execution", hardened=True) if each.after == "harden"]
    actions = {action.removeprefix("sqs:") for _, action in open_role.actions() if action.startswith("sqs:")}
    own = [Forbidden(RecordedAccess("execution", f"sqs:{each}", QUEUE, {}), None) for each in sorted(actions)]

    assert len(allowed(open_role, iter(closing))) == len(closing) > 0
    assert allowed(closed, iter(closing)) == []
    assert len(actions) == 6
    assert len(allowed(open_role, iter(own))) == len(allowed(closed, iter(own))) == 6


@pytest.mark.parametrize(
    ("role", "folder", "permitted"),
    [
        ("dag_writer", "dags", True),
        ("dag_writer", "artifacts", False),
        ("artifact_writer", "artifacts", True),
        ("artifact_writer", "dags", False),
        ("deploy-of-the-workflow", "artifacts", True),
        ("admin", "dags", False),
        ("admin", "artifacts", False),
        ("admin", "releases", True),
    ],
)
@pytest.mark.parametrize("action", ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"])
def test_bucket_keeps_its_writers_apart_whatever_else_allows_them(
    continuous: SynthesisedEnvironment, role: str, folder: str, action: str, *, permitted: bool
) -> None:
    mighty = TemplateRole(role, (MIGHTY,))
    bucket = f"arn:aws:s3:::{continuous.config.names.source_bucket}"
    policies = mighty.policies(bucket_policy(continuous.storage, "Source"))
    sentence = mighty.denied(RecordedAccess(role, action, f"{bucket}/{folder}/a", {}), policies)

    assert (sentence is None) == permitted
    assert permitted or "with an explicit deny in a resource-based policy" in str(sentence)


def test_boundary_caps_whatever_is_attached_to_the_roles_of_deployment(
    continuous: SynthesisedEnvironment,
) -> None:
    role = shipped(continuous, "deploy")
    grown = TemplateRole("deploy", (MIGHTY,), role.boundary)

    assert role.boundary is not None
    assert allowed(grown, forbidden("deploy", hardened=True)) == []
    assert denials(grown, recorded_accesses("deploy")) == []


def test_policies_name_no_whole_service(continuous: SynthesisedEnvironment) -> None:
    named = {
        action
        for name in (*ROLES, *WRITERS)
        for document in shipped(continuous, name).documents
        for statement in document["Statement"]
        for action in as_list(statement["Action"])
    }

    assert named
    assert not [action for action in named if action == "*" or action.endswith(":*")]
