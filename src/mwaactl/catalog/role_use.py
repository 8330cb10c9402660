"""What AWS itself does with roles of ours, which no recorded call shows."""

from collections.abc import Mapping
from types import MappingProxyType

from mwaactl.catalog.tables import read_table


def used_by_aws(role: str) -> Mapping[tuple[str, str], str]:
    """Return what of a role's policy only AWS uses, and what for.

    Args:
        role: `execution`, `copy`, `normalise`, `deploy` or `plan`.

    Returns:
        Statement and action, as the policy names them, to the reason.
    """
    statements = read_table("role_use").get(role, {})
    return MappingProxyType(
        {(sid, action): reason for sid, actions in statements.items() for action, reason in actions.items()}
    )
