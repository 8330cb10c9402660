"""Hashes that are missing or that pip does not take: with one hash in the file, pip asks for all of them."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.requirements.markers import may_hold_on_worker
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements_file import RequirementLine, same_version

_RULE = "requirements-hashes"
# "Secure installs" in pip's documentation; weaker algorithms are refused by pip.
_HASH = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")


def requirements_hashes(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports what pip takes for no hash, and lines without one in a file that has some."""
    lines = readable_lines(bundle)
    asked = any(line.hashes or _requires_hashes(line) for line in lines)
    for line in lines:
        for wrong in (each for each in line.hashes if not _HASH.fullmatch(each)):
            message = f"`{wrong}` is no hash that pip takes"
            hint = "run `mwaactl requirements lock`, which writes SHA-256"
            yield Finding(_RULE, "error", REQUIREMENTS, line.number, message, hint)
        if asked and not line.is_option and not _has_hash(line) and not _is_there(line, version):
            what = line.requirement.partition(";")[0].strip()
            message = f"`{what}` has no hash and other lines have: pip would install none of the packages"
            hint = "run `mwaactl requirements lock`, which writes a hash for every line"
            yield Finding(_RULE, "error", REQUIREMENTS, line.number, message, hint)


def _requires_hashes(line: RequirementLine) -> bool:
    return any(option.name == "--require-hashes" for option in line.options)


def _has_hash(line: RequirementLine) -> bool:
    return bool(line.hashes) or bool(re.search(r"#(?:.*&)?sha(?:256|384|512)=", line.requirement))


def _is_there(line: RequirementLine, version: AirflowVersion) -> bool:
    """Whether pip has nothing to fetch for it: Airflow has it, or it is for other machines."""
    present = package_set(version.version).pins.get(line.name or "")
    if present and line.pinned_version and same_version(present, line.pinned_version):
        return True
    return not may_hold_on_worker(line.marker, version.python)
