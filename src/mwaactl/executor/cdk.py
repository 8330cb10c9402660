"""Runs `cdk deploy` as a child process and finds in its output why it failed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.errors import ApplyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

CDK = Path("node_modules", "aws-cdk", "bin", "cdk")
ASSEMBLY = Path(".mwaactl", "cdk.out")
KEPT_LINES = 200
_HINT = "mend the cause and run the command again: it goes on from there; `--json` has what the CDK said last"
_FAILED = re.compile(r"^\s*(?:❌\s*)?(?P<stack>\S+) failed: (?:_?\w*Error: )?(?P<why>.+)$")
_APP_ENDED = re.compile(r"Subprocess exited with error \d+$")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class CdkCli:
    """The CDK command line of the project.

    Args:
        root: The project's root, where cdk.json lies.
        environment: The environment of mwaactl.toml that is deployed.
        environ: Variables of the child process, complete.
    """

    def __init__(self, root: Path, environment: str, environ: Mapping[str, str]) -> None:
        self._root = root
        self._environment = environment
        self._environ = environ
        self._synthesised = False

    def deploy(
        self,
        stacks: tuple[str, ...],
        parameters: Mapping[str, Mapping[str, str]],
        on_line: Callable[[str], None],
    ) -> None:
        """Deploy stacks and wait until they are complete.

        Args:
            stacks: Names of the stacks; the CDK orders them by their dependencies.
            parameters: CloudFormation parameters by stack.
            on_line: Gets each line that the CDK writes.

        Raises:
            ApplyError: If Node or the CDK CLI is missing, or the deployment fails.
        """
        command = [self._node(), str(self._cdk()), *self._arguments(stacks, parameters)]
        kept: deque[str] = deque(maxlen=KEPT_LINES)
        code = self._run(command, kept, on_line)
        if code != 0:
            why = failure_reason(kept) or f"`cdk deploy` ended with exit code {code}"
            output = "\n".join(list(kept)[-40:])
            raise ApplyError(why, hint=_HINT, code="apply.stack-failed", context={"output": output})
        self._synthesised = True

    def _arguments(
        self, stacks: tuple[str, ...], parameters: Mapping[str, Mapping[str, str]]
    ) -> Sequence[str]:
        given = (
            ("--parameters", f"{stack}:{name}={value}")
            for stack, values in parameters.items()
            for name, value in values.items()
        )
        # What this process has synthesised is still true for the next stack.
        source = ("--app", str(ASSEMBLY)) if self._synthesised else ("--output", str(ASSEMBLY))
        return [
            "deploy",
            *stacks,
            "--exclusively",
            *("--require-approval", "never"),
            *("--progress", "events"),
            *("--concurrency", "4"),
            *("--context", f"environment={self._environment}"),
            *source,
            *(word for pair in given for word in pair),
        ]

    def _run(self, command: Sequence[str], kept: deque[str], on_line: Callable[[str], None]) -> int:
        with subprocess.Popen(
            command,
            cwd=self._root,
            env=dict(self._environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            try:
                for raw in process.stdout or ():
                    if line := _ESCAPES.sub("", raw).strip():
                        kept.append(line)
                        on_line(line)
            except BaseException:
                process.terminate()
                raise
            return process.wait()

    def _node(self) -> str:
        own = self._root / ".venv" / "bin" / "node"
        found = (
            str(own) if own.is_file() else shutil.which("node", path=self._environ.get("PATH", os.defpath))
        )
        if found is None:
            message = "Node is needed by the CDK and was not found"
            raise ApplyError(message, hint="run `make setup`", code="apply.no-node")
        return found

    def _cdk(self) -> Path:
        if not (self._root / CDK).is_file():
            message = f"the CDK CLI is not installed: `{CDK}` is missing"
            raise ApplyError(message, hint="run `make setup`", code="apply.no-cdk")
        return self._root / CDK


def failure_reason(lines: Iterable[str]) -> str | None:
    """Return the first sentence with which the CDK says what failed, or its last error."""
    seen = list(lines)
    for line in seen:
        if match := _FAILED.match(line):
            return f"stack `{match['stack']}` failed: {match['why']}"
    # That the app ended says nothing; why it did stands above.
    said = [line for line in seen if not _APP_ENDED.search(line)] or seen
    errors = [line for line in said if "Error" in line or line.startswith("error")]
    return errors[-1] if errors else (said[-1] if said else None)
