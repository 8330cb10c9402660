"""Defects put into templates, one at a time: `seeded_defects.toml` read and applied."""

import copy
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from mwaactl.template_rules.templates import Template

FILE = Path(__file__).parent / "seeded_defects.toml"
_BY_SID = re.compile(r"\[Sid=(\w+)\]")
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Defect:
    """One row of the file.

    Attributes:
        configuration: The environment of tests/infra/conftest.py whose templates it is put into.
        value: What is put there; None where what stands there is removed.
        known: Whether it is one of those on which other tools were measured before.
        current_version: The Airflow version that runs, where the defect is about an upgrade.
    """

    name: str
    configuration: str
    stack: str
    path: str
    value: Any
    removes: bool
    known: bool
    current_version: str | None


def defects() -> tuple[Defect, ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["defect"]
    return tuple(
        Defect(
            row["name"],
            row.get("configuration", "dev"),
            row["stack"],
            row["path"],
            row.get("value"),
            "value" not in row,
            row.get("known", False),
            row.get("current_version"),
        )
        for row in rows
    )


def shipped(outdir: Path, region: str) -> tuple[Template, ...]:
    """The templates of a synthesis, each named by the last word of its stack, for example `environment`."""
    return tuple(
        Template(
            path.name.removesuffix(".template.json").rpartition("-")[2], json.loads(path.read_text()), region
        )
        for path in sorted(outdir.glob("*.template.json"))
    )


def mutated(templates: Sequence[Template], defect: Defect) -> tuple[Template, ...]:
    """The same templates with the defect in one of them."""
    assert defect.stack in {template.name for template in templates}
    return tuple(
        _with_defect(template, defect) if template.name == defect.stack else template
        for template in templates
    )


def _with_defect(template: Template, defect: Defect) -> Template:
    body = copy.deepcopy(dict(template.body))
    resource, *inside = defect.path.split("/")
    target: Any = body["Resources"]
    parts = [_logical_id(target, resource), *inside]
    for part in parts[:-1]:
        target = target[_key(target, part)]
    key = _key(target, parts[-1])
    if defect.removes:
        del target[key]
    else:
        before = target[key] if isinstance(target, list) else target.get(key, _ABSENT)
        assert before != defect.value, f"{defect.name}: that is how it stands there anyway"
        target[key] = defect.value
    return Template(template.name, body, template.region)


def _logical_id(resources: Mapping[str, Any], wanted: str) -> str:
    (found,) = _candidates(resources, wanted)
    return found


def _candidates(resources: Mapping[str, Any], wanted: str) -> Iterator[str]:
    for logical_id, resource in resources.items():
        if fnmatchcase(logical_id, wanted) or resource["Type"] == wanted:
            yield logical_id


def _key(target: Any, part: str) -> Any:
    if not isinstance(target, list):
        return part
    if match := _BY_SID.fullmatch(part):
        (index,) = (index for index, each in enumerate(target) if each.get("Sid") == match[1])
        return index
    return int(part)
