"""All differences by the part of AWS that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.differences.account import ACCOUNT
from mwaactl.emulator.differences.cloudformation import CLOUDFORMATION
from mwaactl.emulator.differences.functions import FUNCTIONS
from mwaactl.emulator.differences.mwaa import MWAA
from mwaactl.emulator.differences.runtime import RUNTIME
from mwaactl.emulator.differences.storage import STORAGE
from mwaactl.emulator.warehouse.differences import DIFFERENCES as WAREHOUSE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.differences.difference import Difference

SECTIONS: Mapping[str, tuple[Difference, ...]] = {
    "Account, permissions, network": ACCOUNT,
    "S3 and KMS": STORAGE,
    "MWAA": MWAA,
    "Airflow": RUNTIME,
    "Lambda": FUNCTIONS,
    "Redshift Serverless": WAREHOUSE,
    "CloudFormation": CLOUDFORMATION,
}
"""The rows by the heading they stand under."""
