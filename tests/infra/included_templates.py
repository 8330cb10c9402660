"""cdk-nag on templates: each is included in a stack of its own, all in one app."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import App, Environment, LegacyStackSynthesizer, Stack, Validations
from aws_cdk.cloudformation_include import CfnInclude
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

_WHERE = Environment(account="111122223333", region="eu-west-1")


def nag_findings(folder: Path) -> Mapping[str, set[tuple[str, str]]]:
    """Template's name to rule and resource; a template that the CDK cannot include has none."""
    with TemporaryDirectory() as scratch:
        app = App(outdir=scratch, analytics_reporting=False, tree_metadata=False)
        packs = (AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks)
        Validations.of(app).add_plugins(*(pack(app) for pack in packs))
        for file in sorted(folder.glob("*.template.json")):
            _include(app, file.name.removesuffix(".template.json"), file)
        with suppress(RuntimeError):  # that something is found is what is looked for
            app.synth()
        report = json.loads((Path(scratch) / "validation-report.json").read_text(encoding="utf-8"))
    return _by_stack(report)


def _include(app: App, name: str, file: Path) -> None:
    stack = Stack(app, name, env=_WHERE, synthesizer=LegacyStackSynthesizer())
    try:
        CfnInclude(stack, "Included", template_file=str(file))
    except RuntimeError:
        app.node.try_remove_child(name)


def _by_stack(report: Mapping[str, Any]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    packs = ("AwsSolutions", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"] if plugin["pluginName"] in packs else ():
            for place in violation["violatingConstructs"]:
                stack, _, inside = place["constructPath"].partition("/")
                found.setdefault(stack, set()).add((violation["ruleName"], inside))
    return found
