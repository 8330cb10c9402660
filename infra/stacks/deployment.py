"""The stack with what continuous deployment acts as; an administrator deploys it, not the workflow."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.deploy_role import DeploymentBoundary, DeployRole, PlanRole, Workflow
from infra.constructs.deployment_statements import DeploymentTarget
from infra.constructs.github_provider import GithubProvider
from mwaactl.config.environment import DeploymentConfig, EnvironmentConfig


class DeploymentStack(Stack):
    """GitHub as identity provider, and the roles that plan and deploy, within one boundary."""

    def __init__(
        self, scope: Construct, *, config: EnvironmentConfig, deployment: DeploymentConfig, key: kms.IKey
    ) -> None:
        names = config.names
        super().__init__(
            scope,
            names.deployment_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"Continuous deployment of {names.prefix}",
        )
        target = DeploymentTarget(
            environment_name=names.environment_name,
            account=config.account,
            region=config.region,
            source_bucket=names.source_bucket,
            key_arn=key.key_arn,
            environment_stack=names.environment_stack,
            network_stack=names.network_stack,
            stacks=names.stacks,
        )
        provider = deployment.oidc_provider_arn or GithubProvider(self, "Github").arn
        workflow = Workflow(deployment.repository, deployment.branch, deployment.github_environment, provider)
        creates = deployment.creates_stacks
        boundary = DeploymentBoundary(self, "Boundary", target=target, creates_stacks=creates).policy
        plan = PlanRole(self, "Plan", target=target, workflow=workflow, boundary=boundary)
        deploy = DeployRole(
            self, "Deploy", target=target, workflow=workflow, boundary=boundary, creates_stacks=creates
        )
        CfnOutput(self, "PlanRoleArn", value=plan.role.role_arn)
        CfnOutput(self, "DeployRoleArn", value=deploy.role.role_arn)
