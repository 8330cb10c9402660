"""What must pass through VPC endpoints though it is neither yours nor your organisation's."""

from dataclasses import dataclass

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class Passage:
    """Something of AWS's that an environment needs.

    Attributes:
        actions: What is done with it.
        resource: Its ARN, perhaps with wildcards.
    """

    actions: tuple[str, ...]
    resource: str


def celery_passage(region: str) -> Passage:
    """The queues of all environments of the region; which one is whose, only GetEnvironment says."""
    row = read_table("endpoint_policies")["celery_queue"]
    return Passage(tuple(row["actions"]), row["arn"].format(region=region))


def image_services() -> frozenset[str]:
    """Endpoint services through which containers get their images."""
    return frozenset(read_table("endpoint_policies")["images"]["services"])


def image_passage() -> Passage:
    """Reading images, whose repositories MWAA does not name."""
    return Passage(tuple(read_table("endpoint_policies")["images"]["actions"]), "*")


def readable_buckets(region: str) -> tuple[str, ...]:
    """Buckets of AWS's that an environment reads."""
    names = read_table("endpoint_policies")["buckets"]["readable"]
    return tuple(name.format(region=region) for name in names)
