"""The lines of a bundle's requirements.txt that pip can read; the others are one rule's business."""

from functools import lru_cache

from mwaactl.project.bundle import Bundle
from mwaactl.project.requirements_file import RequirementLine, requirement_lines


def readable_lines(bundle: Bundle) -> tuple[RequirementLine, ...]:
    """Returns them in their order; none where there is no requirements.txt."""
    return _readable(bundle.requirements.content) if bundle.requirements else ()


@lru_cache(maxsize=4)
def _readable(content: bytes) -> tuple[RequirementLine, ...]:
    """Read once for all rules."""
    return tuple(line for line in requirement_lines(content) if line.is_readable)
