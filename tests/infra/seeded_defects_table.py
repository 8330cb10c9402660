"""Which tool finds which seeded defect, as a page: `python -m tests.infra.seeded_defects_table > PAGE`.

Takes some minutes: each tool looks at each template that has a defect. A tool finds a defect where it says
something about the template that it does not say about the one that is shipped.
"""

import dataclasses
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.app import add_stacks, new_app
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.load import load_config
from mwaactl.project.infrastructure.scanners.scan import Scanned
from mwaactl.template_rules.run import breaches
from mwaactl.template_rules.templates import Template
from tests.infra.included_templates import nag_findings
from tests.infra.mutations import Defect, defects, mutated, shipped
from tests.infra.scanned_templates import ROOT, Collected, scan, slow_scanners

TOOLS = ("rules about MWAA", "cfn-lint", "cdk-nag", "checkov", "cfn-guard")

# Name of a template to the rules that say something about it, each with its resource.
type Said = Mapping[str, set[tuple[str, str]]]
type Table = Mapping[str, Mapping[str, tuple[str, ...]]]


def configurations() -> dict[str, EnvironmentConfig]:
    dev = load_config(ROOT / "mwaactl.toml").environments["dev"]
    isolated = dataclasses.replace(dev, network=dataclasses.replace(dev.network, nat="none"))
    return {"dev": dev, "without_nat": isolated}


def synthesised(folder: Path) -> dict[str, tuple[Template, ...]]:
    found = {}
    for name, config in configurations().items():
        app = new_app(folder / name)
        add_stacks(app, config)
        app.synth()
        found[name] = shipped(folder / name, config.region)
    return found


def new_breaches(base: Sequence[Template], defect: Defect) -> set[str]:
    """Our own rules that say something which they do not say about the shipped templates."""
    current = {"flights-dev": defect.current_version} if defect.current_version else {}
    before = {(each.rule.id, each.resource.place, each.message) for each in breaches(base)}
    return {
        each.rule.id
        for each in breaches(mutated(base, defect), current)
        if (each.rule.id, each.resource.place, each.message) not in before
    }


def table() -> Table:
    """Defect to tool to the rules that find it."""
    with TemporaryDirectory() as scratch:
        bases = synthesised(Path(scratch))
        collected = Collected(Path(scratch) / "templates")
        names: dict[str, str] = {}
        for configuration, templates in bases.items():
            for template in templates:
                collected.add_template(_base(configuration, template.name), template.body)
        for number, defect in enumerate(defects()):
            names[defect.name] = f"defect{number}"
            (changed,) = (
                each for each in mutated(bases[defect.configuration], defect) if each.name == defect.stack
            )
            collected.add_template(names[defect.name], changed.body)
        said = scanners_say(collected)
    return {
        defect.name: {
            "rules about MWAA": tuple(sorted(new_breaches(bases[defect.configuration], defect))),
            **{tool: _newly(each, defect, names[defect.name]) for tool, each in said.items()},
        }
        for defect in defects()
    }


def scanners_say(collected: Collected) -> dict[str, Said]:
    assembly = collected.assembly("eu-west-1")
    with ThreadPoolExecutor(2) as threads:
        answers = {
            each.name: threads.submit(scan, each, assembly, os.environ) for each in slow_scanners(os.environ)
        }
        said = {tool: _by_template(answer.result()) for tool, answer in answers.items()}
    return {**said, "cdk-nag": nag_findings(collected.folder)}


def _by_template(found: Iterable[Scanned]) -> Said:
    said: dict[str, set[tuple[str, str]]] = {}
    for each in found:
        name = each.template.removesuffix(".template.json")
        said.setdefault(name, set()).add((each.rule, each.logical_id))
    return said


def _base(configuration: str, stack: str) -> str:
    """The name of a shipped template, which is that of a stack too."""
    return f"{configuration.replace('_', '-')}-{stack}"


def _newly(said: Said, defect: Defect, name: str) -> tuple[str, ...]:
    before = said.get(_base(defect.configuration, defect.stack), set())
    return tuple(sorted({rule for rule, _ in said.get(name, set()) - before}))


_HEAD = """# Seeded defects

{count} defects, each in one line of the shipped templates, and which tool finds it, by its rule. A tool finds
a defect where it says something about the template that it does not say about the shipped one. The defects
stand in `tests/infra/seeded_defects.toml`; `python -m tests.infra.seeded_defects_table` writes this page.

| tool | finds of {count} | finds of the {known} with a star |
|---|---|---|
"""


def page(found: Table) -> str:
    """The table as Markdown."""
    known = [defect.name for defect in defects() if defect.known]
    groups = {**{tool: [tool] for tool in TOOLS}, "the four scanners together": TOOLS[1:], "all": TOOLS}
    counts = [
        f"| {name} | {_count(found, found, tools)} | {_count(found, known, tools)} |"
        for name, tools in groups.items()
    ]
    columns = [f"| defect | {' | '.join(TOOLS)} |", f"|---|{'---|' * len(TOOLS)}"]
    rows = [_row(defect, found[defect.name]) for defect in defects()]
    head = _HEAD.format(count=len(found), known=len(known))
    return head + "\n".join([*counts, "", *columns, *rows, ""])


def _count(found: Table, names: Iterable[str], tools: Sequence[str]) -> int:
    return sum(any(found[name][tool] for tool in tools) for name in names)


def _row(defect: Defect, found: Mapping[str, tuple[str, ...]]) -> str:
    name = f"{defect.name} *" if defect.known else defect.name
    return f"| {name.replace('*', chr(92) + '*')} | {' | '.join(cell(found[tool]) for tool in TOOLS)} |"


def cell(rules: Sequence[str]) -> str:
    """Rules as they stand in the table: the first three by name."""
    shown = [rule.replace("|", "\\|").replace("*", "\\*") for rule in rules[:3]]
    more = [f"and {len(rules) - len(shown)} more"] if len(rules) > len(shown) else []
    return ", ".join([*shown, *more])


if __name__ == "__main__":
    sys.stdout.write(page(table()))
