"""What a state holds, in numbers that tell a user whether it is theirs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inventory:
    """How many of each.

    Attributes:
        buckets: S3 buckets.
        objects: Object versions in them, without delete markers.
        stacks: CloudFormation stacks that are not deleted.
        environments: MWAA environments.
    """

    buckets: int = 0
    objects: int = 0
    stacks: int = 0
    environments: int = 0

    @property
    def text(self) -> str:
        """The numbers in words."""
        named = {
            "bucket": self.buckets,
            "object version": self.objects,
            "stack": self.stacks,
            "environment": self.environments,
        }
        return ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for name, number in named.items())
