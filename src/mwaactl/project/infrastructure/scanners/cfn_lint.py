"""cfn-lint: templates against CloudFormation's own schemas. https://github.com/aws-cloudformation/cfn-lint."""

import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from mwaactl.project.checks.finding import Severity
from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanned, template_files

_SEVERITIES: dict[str, Severity] = {"Error": "error", "Warning": "warning"}
_START = "import sys; from cfnlint.runner import main; sys.exit(main())"
# Bits of its exit code: errors, warnings, information; anything else is a failure of its own.
_FOUND = 2 | 4 | 8


class CfnLint:
    """Runs cfn-lint from the environment that mwaactl is installed in."""

    @property
    def name(self) -> str:
        """What people call it."""
        return "cfn-lint"

    def scan(self, assembly: Assembly, means: Means) -> Iterator[Scanned]:
        """Looks at each template by itself.

        Raises:
            NotRunError: It is not installed, or failed.
        """
        if find_spec("cfnlint") is None:
            why = "is not installed: install the package cfn-lint beside mwaactl"
            raise NotRunError(why)
        command = [sys.executable, "-c", _START, "--format", "json", "--regions", means.region, "-t"]
        ended = means.run([*command, *template_files(assembly)], cwd=assembly.folder, environ=means.environ)
        if ended.code is None or ended.code & ~_FOUND:
            why = f"failed: {(ended.stderr.strip().splitlines() or ['it said nothing'])[-1]}"
            raise NotRunError(why)
        for found in json.loads(ended.stdout or "[]"):
            severity = _SEVERITIES.get(found["Level"])
            path = found["Location"].get("Path") or []
            rule = found["Rule"]["Id"]
            if severity is not None:
                yield Scanned(
                    # The CDK's own validation has rules of the same numbers.
                    (f"CfnLint::{rule}", f"CloudFormation-Validate::{rule}"),
                    severity,
                    Path(found["Filename"]).name,
                    str(path[1]) if len(path) > 1 and path[0] == "Resources" else "",
                    found["Message"].removesuffix("."),
                )
