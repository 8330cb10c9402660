"""What a call asks for in other services: a role handed over, a key used, a secret read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.access import Access
from mwaactl.emulator.authorization.key_use import key_use
from mwaactl.emulator.authorization.parameters import text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.catalog.iam_requests import ServiceRequests
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.authorization.lookups import Lookups

_SENDS = {"SendMessage", "SendMessageBatch"}
_READS_SECRETS = {"GetSecretValue", "BatchGetSecretValue"}
_WRITES_SECRETS = {"CreateSecret", "PutSecretValue", "UpdateSecret"}
_RUNS_SQL = {
    "BatchExecuteStatement",
    "DescribeTable",
    "ExecuteStatement",
    "ListDatabases",
    "ListSchemas",
    "ListTables",
}
_HOSTS = {"airflow": "airflow.amazonaws.com", "states": "states.amazonaws.com"}


def entailed(
    call: Call, service: ServiceRequests, base: tuple[Access, ...], lookups: Lookups
) -> Iterator[Access]:
    """Yield what a call asks for besides its own action; S3's keys are not among it.

    Args:
        call: The call.
        service: What IAM asks for calls of its service.
        base: What the call asks for by its operation and resource.
        lookups: The state of the account.
    """
    yield from _passed_role(call, service)
    match call.service:
        case "sqs":
            yield from _queue_key(call, base, lookups)
        case "secretsmanager":
            yield from _secret_key(call, base, lookups)
        case "redshift-data":
            yield from _database_login(call, base, lookups)


def _passed_role(call: Call, service: ServiceRequests) -> Iterator[Access]:
    """Who hands a role over must be allowed to.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    place = service.passes.get(call.operation)
    if place and (role := text_at(place, call.parameters)):
        host = _HOSTS.get(call.service, f"{service.prefix}.amazonaws.com")
        yield Access("iam:PassRole", role, MappingProxyType({"iam:passedtoservice": host}))


def _queue_key(call: Call, base: tuple[Access, ...], lookups: Lookups) -> Iterator[Access]:
    """Who sends to an encrypted queue, or receives from it, uses its key.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    uses_key = call.operation in _SENDS or call.operation == "ReceiveMessage"
    for queue in (access.resource for access in base if uses_key):
        if key := lookups.queue_key(call, queue):
            context = {"aws:sqs:arn": queue}
            yield key_use(call, "Decrypt", key, "sqs", context)
            if call.operation in _SENDS:
                yield key_use(call, "GenerateDataKey", key, "sqs", context)


def _secret_key(call: Call, base: tuple[Access, ...], lookups: Lookups) -> Iterator[Access]:
    """Who reads or writes a secret uses its key.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    if call.operation not in _READS_SECRETS | _WRITES_SECRETS:
        return
    named = call.parameters.get("KmsKeyId")
    for secret in (access.resource for access in base if ":secret:" in access.resource):
        key = lookups.key_arn(call, str(named)) if named else lookups.secret_key(call, secret)
        if key:
            context = {"SecretARN": secret}
            yield key_use(call, "Decrypt", key, "secretsmanager", context)
            if call.operation in _WRITES_SECRETS:
                yield key_use(call, "GenerateDataKey", key, "secretsmanager", context)


def _database_login(call: Call, base: tuple[Access, ...], lookups: Lookups) -> Iterator[Access]:
    """The Data API signs in for its caller: with a secret that they may read, or with credentials of theirs.

    https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html
    """
    if call.operation not in _RUNS_SQL:
        return
    if secret := call.parameters.get("SecretArn"):
        arn = lookups.secret_arn(call, str(secret)) or str(secret)
        yield Access("secretsmanager:GetSecretValue", arn)
        if key := lookups.secret_key(call, arn):
            yield key_use(call, "Decrypt", key, "secretsmanager", {"SecretARN": arn})
    elif "WorkgroupName" in call.parameters:
        yield from (Access("redshift-serverless:GetCredentials", access.resource) for access in base)
