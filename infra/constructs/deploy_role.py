"""The roles of continuous deployment: one that plans and reads, one that deploys and writes."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons
from infra.constructs import deployment_statements as statements
from infra.constructs.deployment_statements import DeploymentTarget
from infra.constructs.github_provider import AUDIENCE, ISSUER


@dataclass(frozen=True, slots=True)
class Workflow:
    """Whose workflow takes the roles.

    Attributes:
        repository: The repository on GitHub, `ORGANISATION/REPOSITORY`.
        branch: The branch from which is deployed.
        environment: The environment on GitHub whose protection rules say who must agree.
        provider_arn: ARN of the account's identity provider for GitHub.
    """

    repository: str
    branch: str
    environment: str
    provider_arn: str


class DeploymentBoundary(Construct):
    """The most that the roles of continuous deployment may do, whatever is attached to them later.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, target: DeploymentTarget, creates_stacks: bool = False
    ) -> None:
        super().__init__(scope, construct_id)
        allowed = [*statements.reading(target), *statements.writing(target)]
        if creates_stacks:
            allowed += statements.creating(target)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description=f"The most that deployments of {target.environment_name} may do",
            statements=allowed,
        )
        acknowledge(self.policy, wildcard_reasons(statements.reasons(target)))


class PlanRole(Construct):
    """What `mwaactl plan` takes, for every pull request of the repository: it reads, and writes nothing.

    A pull request runs the code of its branch beside this role, so there is no secret that it may read.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: DeploymentTarget,
        workflow: Workflow,
        boundary: iam.IManagedPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            description=f"Plans deployments of {target.environment_name}",
            assumed_by=_trusted(workflow, subject="pull_request"),
            permissions_boundary=boundary,
        )
        policy = iam.Policy(self, "Policy", roles=[self.role], statements=statements.reading(target))
        acknowledge(policy, wildcard_reasons(statements.reasons(target)))


class DeployRole(Construct):
    """What `mwaactl deploy`, `rollback` and `harden` take, for one environment and branch of the repository.

    GitHub names the environment in the token's subject instead of the branch, so that the branch is a
    condition of its own: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html

    It creates no stack unless `creates_stacks` is set. That lets it take the roles of the CDK's bootstrap,
    which may do everything in the account unless the bootstrap was given other policies.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: DeploymentTarget,
        workflow: Workflow,
        boundary: iam.IManagedPolicy,
        creates_stacks: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        on_branch = {f"{ISSUER}:ref": f"refs/heads/{workflow.branch}"}
        self.role = iam.Role(
            self,
            "Role",
            description=f"Deploys to {target.environment_name}",
            assumed_by=_trusted(workflow, subject=f"environment:{workflow.environment}", more=on_branch),
            # A change of the Airflow version takes up to two hours.
            max_session_duration=Duration.hours(3),
            permissions_boundary=boundary,
        )
        allowed = [*statements.reading(target), *statements.writing(target)]
        if creates_stacks:
            allowed += statements.creating(target)
        policy = iam.Policy(self, "Policy", roles=[self.role], statements=allowed)
        acknowledge(policy, wildcard_reasons(statements.reasons(target)))


def _trusted(workflow: Workflow, *, subject: str, more: dict[str, str] | None = None) -> iam.IPrincipal:
    claims = {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": f"repo:{workflow.repository}:{subject}"}
    return iam.WebIdentityPrincipal(workflow.provider_arn, {"StringEquals": {**claims, **(more or {})}})
