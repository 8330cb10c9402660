"""What the CDK library is told about itself and about the account.

Its feature flags stand in cdk.json, where the command `cdk` keeps them; they are read here as well, so that
the app gives the same templates however it is started. The availability zones, which the library would
otherwise look up in the account, come from the configuration: synthesis needs no credentials and no network.
"""

import json
from pathlib import Path
from typing import Any

from mwaactl.config.environment import EnvironmentConfig

CDK_JSON = Path(__file__).parents[1] / "cdk.json"


def file_context() -> dict[str, Any]:
    """The context of cdk.json: feature flags by name."""
    context: dict[str, Any] = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    return context


def zones_context(config: EnvironmentConfig) -> dict[str, list[str]]:
    """The availability zones, by the key under which the CDK library looks for them."""
    key = f"availability-zones:account={config.account}:region={config.region}"
    return {key: list(config.availability_zones)}
