"""A startup.sh that bash cannot parse."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding

# With what may stand before it: a path, `env` with options and variables.
_INTERPRETER = re.compile(rb"#![ \t]*(?:\S*/env[ \t]+(?:(?:-\S+|\w+=\S*)[ \t]+)*)?(\S+)")
# `false` stands in scripts that are only to be sourced.
_SHELLS = frozenset({"sh", "ash", "bash", "dash", "ksh", "mksh", "zsh", "false"})
_COMPLAINT = re.compile(r"^[^\n]*?line (\d+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StartupSyntax:
    """The rule, with the bash that parses.

    Attributes:
        bash: Path or name of bash.
    """

    bash: str = "bash"

    def __call__(self, bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
        """Lets bash parse the script without running it.

        Raises:
            ProjectError: There is no bash, so that nothing can be said.
        """
        if bundle.startup is None:
            return
        yield from _encoding(bundle.startup.content)
        if foreign := _foreign(bundle.startup.content):
            message = f"is written for `{foreign}`, and MWAA runs it as a bash script"
            hint = f"write it in bash, and call `{foreign}` for what bash cannot do"
            yield Finding("startup-syntax", "error", STARTUP, 1, message, hint)
            return
        checked = self._parse(bundle.startup.content)
        if checked.returncode != 0:
            complaint = checked.stderr.decode(errors="replace").strip()
            match = _COMPLAINT.search(complaint)
            line, message = (int(match[1]), match[2]) if match else (None, complaint)
            yield Finding("startup-syntax", "error", STARTUP, line, f"is not a bash script: {message}")

    def _parse(self, script: bytes) -> subprocess.CompletedProcess[bytes]:
        # Bash that only parses does not obey `shopt -s extglob`, and would not know the patterns behind it.
        options = ("-O", "extglob") if b"extglob" in script else ()
        try:
            return subprocess.run(
                [self.bash, "--norc", *options, "-n"],
                input=script,
                capture_output=True,
                check=False,
                timeout=30,
            )
        except FileNotFoundError as error:
            message = f"`{STARTUP}` cannot be checked: there is no `{self.bash}`"
            raise ProjectError(message, path=STARTUP, hint="install bash", code="project.no-bash") from error


def _foreign(script: bytes) -> str | None:
    """Names the interpreter in the first line where it is no shell that bash may stand in for."""
    match = _INTERPRETER.match(script)
    name = match[1].rpartition(b"/")[2].decode(errors="replace") if match else "sh"
    return None if name in _SHELLS else name


def _encoding(script: bytes) -> Iterator[Finding]:
    if b"\r\n" in script:
        message = "has Windows line ends, which bash takes for part of the commands"
        yield Finding("startup-syntax", "error", STARTUP, None, message, "save it with Unix line ends")
    if script.startswith(b"\xef\xbb\xbf"):
        message = "begins with a byte order mark, which bash takes for part of the first command"
        yield Finding("startup-syntax", "error", STARTUP, 1, message, "save it as UTF-8 without that mark")
    try:
        script.decode()
    except UnicodeDecodeError as error:
        line = script.count(b"\n", 0, error.start) + 1
        yield Finding("startup-syntax", "error", STARTUP, line, "is not UTF-8", "save it as UTF-8")
    if b"\0" in script:
        line = script.count(b"\n", 0, script.index(b"\0")) + 1
        yield Finding("startup-syntax", "error", STARTUP, line, "holds a zero byte: it is no shell script")
