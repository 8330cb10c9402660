"""All packs of cdk-nag that the project holds itself to, beside those of every synthesis.

They cost time and change no template, so that `cdk deploy` leaves them out; `mwaactl check` gives the context
value `checks=all`.
"""

from aws_cdk import App, Validations
from cdk_nag import HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

from infra.standing_acknowledgements import apply_standing

CONTEXT_KEY = "checks"


def wants_every_pack(app: App) -> bool:
    """Say whether whoever runs the app asked for all packs."""
    return bool(app.node.try_get_context(CONTEXT_KEY) == "all")


def hold_to_every_pack(app: App) -> None:
    """Add the packs, and what is acknowledged in general; call it when all stacks are there."""
    Validations.of(app).add_plugins(NIST80053R5Checks(app), HIPAASecurityChecks(app), PCIDSS321Checks(app))
    apply_standing(app)
