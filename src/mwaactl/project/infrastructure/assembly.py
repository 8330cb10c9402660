"""What synthesis leaves in its folder: templates, what made their resources, what is acknowledged.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html: the cloud assembly.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mwaactl.template_rules.templates import Template

_SUFFIX = ".template.json"
_ACKNOWLEDGED = "aws:cdk:acknowledged-rules"
_LOGICAL_ID = "aws:cdk:logicalId"


@dataclass(frozen=True, slots=True)
class Violation:
    """What a plugin of the CDK found, cdk-nag for one.

    Attributes:
        plugin: Its name, for example `AwsSolutions`.
        construct: Path of the construct.
        failed: Whether the plugin itself failed; nothing is known then.
    """

    plugin: str
    rule: str
    severity: str
    message: str
    hint: str | None
    construct: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Assembly:
    """The folder, read.

    Attributes:
        folder: Where it is.
        templates: Its templates, by file name.
        constructs: Template's file name and logical id to the construct's path.
        acknowledged: Construct's path to finding to reason.
        violations: What plugins found and nobody acknowledged.
    """

    folder: Path
    templates: tuple[Template, ...]
    constructs: Mapping[tuple[str, str], str]
    acknowledged: Mapping[str, Mapping[str, str]]
    violations: tuple[Violation, ...]

    @classmethod
    def read(cls, folder: Path, region: str) -> Self:
        """Reads a folder; what is not there is empty.

        Raises:
            ValueError: A file is not what the CDK writes.
        """
        templates = tuple(
            Template(path.name, json.loads(path.read_text(encoding="utf-8")), region)
            for path in sorted(folder.glob(f"*{_SUFFIX}"))
        )
        entries = list(_entries(folder))
        return cls(
            folder,
            templates,
            {(file, entry["data"]): path for file, path, entry in entries if entry["type"] == _LOGICAL_ID},
            _acknowledged(entries),
            tuple(_violations(folder)),
        )

    def reason(self, construct: str, ids: tuple[str, ...]) -> str | None:
        """Returns why a finding at a construct, or at what contains it, is accepted; None where it is not."""
        path = construct
        while path:
            for finding in ids:
                if reason := self.acknowledged.get(path, {}).get(finding):
                    return reason
            path = path.rpartition("/")[0]
        return None


def _entries(folder: Path) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Gives what is written down about each construct: template's file name, construct's path, entry."""
    for file in sorted(folder.glob("*.metadata.json")):
        template = f"{file.name.removesuffix('.metadata.json')}{_SUFFIX}"
        for path, entries in json.loads(file.read_text(encoding="utf-8")).items():
            for entry in entries:
                yield template, path.removeprefix("/"), entry


def _acknowledged(entries: list[tuple[str, str, Mapping[str, Any]]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for _, path, entry in entries:
        if entry["type"] == _ACKNOWLEDGED:
            found.setdefault(path, {}).update(entry["data"])
    return found


def _violations(folder: Path) -> Iterator[Violation]:
    report = folder / "validation-report.json"
    if not report.is_file():
        return
    for each in json.loads(report.read_text(encoding="utf-8"))["pluginReports"]:
        name = each["pluginName"]
        if error := (each.get("metadata") or {}).get("error"):
            yield Violation(name, "cdk-plugin", "error", error, None, "", failed=True)
        for found in each["violations"]:
            for place in found["violatingConstructs"]:
                yield Violation(
                    name,
                    found["ruleName"],
                    found.get("severity", "error"),
                    " ".join(found["description"].split()).removesuffix("."),
                    found.get("suggestedFix"),
                    place["constructPath"],
                )
