"""GitHub as an identity provider of the account, so that its workflows need no keys."""

from aws_cdk import aws_iam as iam
from constructs import Construct

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
"""What aws-actions/configure-aws-credentials asks GitHub to put into its tokens."""


class GithubProvider(Construct):
    """The provider, made without a custom resource, and without thumbprints, which IAM no longer needs here.

    An account has it once: where it exists, hand its ARN to the roles instead.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        provider = iam.CfnOIDCProvider(self, "Provider", url=f"https://{ISSUER}", client_id_list=[AUDIENCE])
        self.arn = provider.attr_arn
