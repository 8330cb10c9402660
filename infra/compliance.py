"""The packs of cdk-nag that the project holds itself to.

They cost time and change no template, so that `cdk synth` leaves them out; `mwaactl check` gives the context
value `checks=all`.
"""

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

from infra.standing_acknowledgements import apply_standing


def hold_to_every_pack(app: App) -> None:
    """Add the packs, and what is acknowledged in general; call it when all stacks are there."""
    packs = (AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks)
    Validations.of(app).add_plugins(*(pack(app) for pack in packs))
    apply_standing(app)
