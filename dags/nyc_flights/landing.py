"""What lands for the pipeline, and what the normalising function is asked to do with it."""

import json
from collections.abc import Collection
from importlib.resources import files

from reference_pipelines.landed import keys

TABLES = ("flights", "weather", "airlines", "airports", "planes")
DATASET = "nyc_flights"
LANDING_PREFIX = f"landing/{DATASET}/"
CONTRACTS = files(__package__) / "contracts"


class LandingError(ValueError):
    """The landed files are not what the pipeline can start from."""


def landing_pattern(table: str) -> str:
    """Return the wildcard that a table's landed file matches, plain or gzipped."""
    return f"{LANDING_PREFIX}{table}.csv*"


def normalised_prefix(table: str) -> str:
    """Return below which prefix the good rows of a table stand: in one file, which each run overwrites."""
    return f"normalised/{DATASET}/{table}/"


def normalise_payloads() -> list[str]:
    """Look at what has landed and return a payload of the normalising function per table, as a task.

    Raises:
        LandingError: a table has no file, or two.
    """
    from typed_assets.building.services import airflow_services

    services = airflow_services()
    bucket = services.option("data_bucket")
    landed = list(keys(services, LANDING_PREFIX))
    return [normalise_payload(table, bucket, landed) for table in TABLES]


def normalise_payload(table: str, bucket: str, landed_keys: Collection[str]) -> str:
    """Return the Lambda payload, as JSON, that normalises one table.

    Args:
        table: one of `TABLES`.
        bucket: the data bucket.
        landed_keys: all keys under the landing prefix.

    Raises:
        LandingError: the table has no file there, or two.
    """
    candidates = [
        key for suffix in ("csv", "csv.gz") if (key := f"{LANDING_PREFIX}{table}.{suffix}") in landed_keys
    ]
    if len(candidates) != 1:
        message = (
            f"one of {table}.csv and {table}.csv.gz must stand in s3://{bucket}/{LANDING_PREFIX}, "
            f"found {candidates}"
        )
        raise LandingError(message)
    return json.dumps(
        {
            "bucket": bucket,
            "source_key": candidates[0],
            "normalised_key": f"{normalised_prefix(table)}{table}.csv.gz",
            "quarantine_key": f"quarantine/{DATASET}/{table}.jsonl.gz",
            "contract": json.loads((CONTRACTS / f"{table}.json").read_text()),
        }
    )
