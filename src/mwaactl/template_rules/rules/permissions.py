"""Rules about what the execution role may do."""

from collections.abc import Iterator

from mwaactl.template_rules.grants import grants_of, managed_policies, policies_of
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.rules.trust import execution_role
from mwaactl.template_rules.values import as_list

_PAGE = f"{DOCS}/mwaa-create-role.html"
_TOO_MUCH = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
# What hands out data, secrets or other roles; on every resource it hands out all of them.
_SENSITIVE = (
    "iam:passrole",
    "kms:decrypt",
    "lambda:invokefunction",
    "s3:deleteobject",
    "s3:getobject",
    "s3:putobject",
    "secretsmanager:getsecretvalue",
    "sqs:sendmessage",
    "ssm:getparameter",
    "sts:assumerole",
)
_NEEDED = (
    "airflow:PublishMetrics",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetBucketVersioning",
    "s3:GetBucketPublicAccessBlock",
    "s3:ListBucket",
    "s3:GetAccountPublicAccessBlock",
    "logs:CreateLogStream",
    "logs:CreateLogGroup",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:GetLogGroupFields",
    "logs:GetQueryResults",
    "logs:DescribeLogGroups",
    "cloudwatch:PutMetricData",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKey",
    "kms:Encrypt",
)


def _whole_services(subject: Subject) -> Iterator[Found]:
    role = execution_role(subject)
    for grant in grants_of(subject.templates, role) if role else ():
        for action in grant.actions:
            if action == "*" or action.endswith(":*"):
                yield grant.path, f"the execution role may do everything ({action})", grant.owner


def _everywhere(subject: Subject) -> Iterator[Found]:
    role = execution_role(subject)
    for grant in grants_of(subject.templates, role) if role else ():
        for action in _SENSITIVE if grant.everywhere else ():
            if grant.allows(action):
                yield grant.path, f"the execution role may {action} on every resource", grant.owner
                break


def _managed(subject: Subject) -> Iterator[Found]:
    role = execution_role(subject)
    if role is None:
        return
    for index, arn in enumerate(managed_policies(role)):
        name = (arn or "").rpartition("/")[2]
        if name.endswith("FullAccess") or name in _TOO_MUCH:
            yield ("ManagedPolicyArns", index), f"the execution role has {name}", role


def _documented(subject: Subject) -> Iterator[Found]:
    role = execution_role(subject)
    if role is None or managed_policies(role):
        return
    grants = list(grants_of(subject.templates, role))
    missing = [action for action in _NEEDED if not any(grant.allows(action) for grant in grants)]
    if grants and missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield (), f"the execution role lacks {missing[0]}{more}, which Amazon MWAA documents", role


def _first(subject: Subject) -> Iterator[Found]:
    """The permissions are tried at creation: the policy has to be there before the environment.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
    """
    role = execution_role(subject)
    if role is None or as_list(role.properties.get("Policies")):
        return
    waits_for = as_list(subject.resource.content.get("DependsOn"))
    for policy in policies_of(subject.templates, role):
        here = policy.template.name == subject.resource.template.name
        if here and policy.logical_id not in waits_for:
            yield (), f"the environment does not wait for the policy {policy.logical_id} of its role"


PERMISSION_RULES = (
    TemplateRule(
        "MW038",
        "error",
        "The execution role is not allowed whole services",
        "name the actions that the DAGs need",
        _PAGE,
        _whole_services,
    ),
    TemplateRule(
        "MW039",
        "error",
        "The execution role reaches data, secrets and roles by name only",
        "name the resources, or add a condition",
        _PAGE,
        _everywhere,
    ),
    TemplateRule(
        "MW040",
        "error",
        "The execution role has no managed policy that grants too much",
        "write a policy with what the DAGs need",
        _PAGE,
        _managed,
    ),
    TemplateRule(
        "MW041",
        "error",
        "The execution role has what Amazon MWAA documents",
        "add the documented statements",
        _PAGE,
        _documented,
    ),
    TemplateRule(
        "MW042",
        "error",
        "The environment is created after the policies of its role",
        "let the environment depend on them (DependsOn)",
        _PAGE,
        _first,
    ),
)
