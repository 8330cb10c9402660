"""Whether an ARN fits a pattern, by the two rules that policies know.

A `Resource` matches segment by segment, the parts between colons; a `*` that ends a segment may also stand
for what follows beyond the colon.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html

An ARN operator compares the six components of an ARN, each by itself.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.templates import Wildcard, matches, split_at_colons

if TYPE_CHECKING:
    from mwaactl.emulator.iam.templates import Filled

COMPONENTS = 6
EVERYTHING: Filled = (Wildcard.ANY,)


@lru_cache(maxsize=8192)
def resource_matches(pattern: Filled, resource: str) -> bool:
    """Tell whether a statement's resource covers a request's; case counts.

    Args:
        pattern: The statement's, filled in.
        resource: An ARN, or `*` for an action that knows no resources.
    """
    if pattern == EVERYTHING:
        return True
    texts = resource.split(":")
    reached = {0}
    for segment in split_at_colons(pattern):
        goes_on = segment[-1:] == EVERYTHING
        following = {at + 1 for at in reached if at < len(texts) and matches(segment, texts[at])}
        if goes_on:
            following = {later for at in following for later in range(at, len(texts) + 1)}
        reached = following
    return len(texts) in reached


def arn_matches(pattern: Filled, arn: str) -> bool:
    """Tell whether an ARN operator's value covers an ARN; what is no ARN is covered by nothing."""
    patterns, texts = _components(split_at_colons(pattern)), arn.split(":", COMPONENTS - 1)
    if len(texts) != COMPONENTS or len(patterns) != COMPONENTS:
        return pattern == EVERYTHING and len(texts) == COMPONENTS
    return all(matches(each, text) for each, text in zip(patterns, texts, strict=True))


def _components(segments: tuple[Filled, ...]) -> tuple[Filled, ...]:
    """Return an ARN's six components; the last one keeps its colons."""
    head, tail = segments[: COMPONENTS - 1], segments[COMPONENTS - 1 :]
    if not tail:
        return segments
    rest: list[str | Wildcard] = list(tail[0])
    for segment in tail[1:]:
        rest += [":", *segment]
    return (*head, tuple(rest))
