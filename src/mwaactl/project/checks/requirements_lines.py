"""The lines of a bundle's requirements.txt that pip can read; the others are one rule's business."""

from mwaactl.project.bundle import Bundle
from mwaactl.project.requirements_file import RequirementLine, requirement_lines


def readable_lines(bundle: Bundle) -> tuple[RequirementLine, ...]:
    """Returns them in their order; none where there is no requirements.txt."""
    content = bundle.requirements.content if bundle.requirements else b""
    return tuple(line for line in requirement_lines(content) if line.is_readable)
