"""Regions that do not exist, or of which the toolkit's ARNs are not."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from mwaactl.catalog.regions import may_be_region, regions
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.errors import ConfigProblem

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")


def region_problems(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    """Yields what is wrong with an environment's region."""
    region = config.region
    if region.startswith(_OTHER_PARTITIONS):
        message = f"is `{region}`, but ARNs and endpoints are made for the partition `aws` only"
        yield ConfigProblem(
            "region", message, "choose a region outside China, GovCloud and the isolated ones"
        )
    elif not may_be_region(region):
        hint = f"did you mean {' or '.join(f'`{each}`' for each in _nearest(region))}?"
        yield ConfigProblem("region", f"is `{region}`, which is no region of AWS", hint)


def _nearest(region: str) -> list[str]:
    """Returns the regions that are nearest to a name: two for `us-est-1`."""
    near = {each: SequenceMatcher(None, each, region).ratio() for each in regions()}
    return [each for each, ratio in near.items() if ratio == max(near.values())]
