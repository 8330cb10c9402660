"""Which files are cleaned, and where the function leaves what is good and what is not."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reference_pipelines import landed
from reference_pipelines.contract_documents import document

if TYPE_CHECKING:
    from typed_assets.services import Services

LANDING, NORMALISED, QUARANTINE = (
    f"{place}/flights_by_file/" for place in ("landing", "normalised", "quarantine")
)
LAMBDA_CALL: dict[str, Any] = {
    # The answer comes when the function ends; a repeated call would run it twice.
    "read_timeout": 900,
    "tcp_keepalive": True,
    "retries": {"total_max_attempts": 1},
}


def landed_payloads() -> list[str]:
    """Return a payload of the normalising function for each file, as a task of Airflow.

    Raises:
        NothingLandedError: there is no file.
    """
    from typed_assets.building.services import airflow_services

    return payloads(airflow_services())


def payloads(services: "Services") -> list[str]:
    """Return a payload of the normalising function, as JSON, for each file that has landed.

    Raises:
        NothingLandedError: there is no file.
    """
    bucket = services.option("data_bucket")
    found = list(landed.keys(services, LANDING))
    if not found:
        message = f"nothing has landed in s3://{bucket}/{LANDING}"
        raise landed.NothingLandedError(message)
    return [_payload(bucket, key) for key in found]


def cleaned_keys(asked: Iterable[str]) -> tuple[str, ...]:
    """Return where the function has left the good rows, for each payload that it was called with."""
    return tuple(json.loads(payload)["normalised_key"] for payload in asked)


def _payload(bucket: str, key: str) -> str:
    # With folders and ending: `a/b.csv`, `a_b.csv` and `a/b.csv.gz` are three files.
    name = key.removeprefix(LANDING)
    return json.dumps(
        {
            "bucket": bucket,
            "source_key": key,
            "normalised_key": f"{NORMALISED}{name}.csv.gz",
            "quarantine_key": f"{QUARANTINE}{name}.jsonl.gz",
            "contract": document("flights"),
        }
    )
