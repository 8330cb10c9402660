"""What is acknowledged in the shipped templates, as a page, from their own metadata.

The test beside it keeps the page current, and writes it where MWAACTL_WRITE_PAGES is set: `make docs`.
"""

import re
from collections.abc import Iterable, Mapping

type Entry = tuple[str, str, str]

_HEAD = """# Acknowledgements

What scanners find in the shipped infrastructure and is meant so: {count} findings at constructs, for
{reasons} reasons, over the configurations that are tested ({configurations}). Everything else that cdk-nag
(AwsSolutions, NIST 800-53 R5, HIPAA, PCI DSS 3.2.1), cfn-lint, cfn-guard, checkov and
[the rules about MWAA](infrastructure-rules.md) find fails `mwaactl check` and `make test`.

A finding counts once for a construct, whatever the configuration; names of environments are left out. Each
reason stands in the code, at the construct or in `infra/standing_acknowledgements.py`; `make docs` writes
this page from the templates' metadata.

| reason | findings | accepted at |
|---|---|---|
"""
# The CDK library acknowledges what it does itself.
_LIBRARY = "CloudFormation-Validate::W3010"


def entries(acknowledged: Mapping[str, Iterable[Entry]]) -> set[Entry]:
    """Construct, finding and reason, without the names of projects, accounts and environments."""
    return {
        (_construct(path), _plain(finding), reason)
        for of_one in acknowledged.values()
        for path, finding, reason in of_one
        if not finding.startswith(_LIBRARY)
    }


def page(acknowledged: Mapping[str, Iterable[Entry]]) -> str:
    found = entries(acknowledged)
    reasons = sorted({reason for _, _, reason in found})
    head = _HEAD.format(count=len(found), reasons=len(reasons), configurations=", ".join(acknowledged))
    return head + "".join(_row(reason, found) for reason in reasons)


def _row(reason: str, found: set[Entry]) -> str:
    findings = sorted({finding for _, finding, why in found if why == reason})
    constructs = sorted({construct for construct, _, why in found if why == reason})
    return f"| {reason} | {_cell(findings)} | {_cell(constructs)} |\n"


def _cell(texts: Iterable[str]) -> str:
    return "<br>".join(f"`{text}`" for text in texts)


def _construct(path: str) -> str:
    """The path below the app, the stack by the last word of its name."""
    stack, _, inside = path.removeprefix("/").partition("/")
    inside = re.sub(r"from flights\w+:ALL TRAFFIC", "from itself", inside)
    return f"{stack.rpartition('-')[2]}/{inside}"


def _plain(finding: str) -> str:
    text = finding.removeprefix("Annotation::")
    text = re.sub(r"flights-(?:local|dev|prod)", "PREFIX", text)
    text = re.sub(r"\b\d{12}\b", "ACCOUNT", text)
    return re.sub(r"\b(?:us|eu)-(?:east|west)-1\b", "REGION", text)
