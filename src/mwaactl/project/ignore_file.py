"""`.mwaactlignore`: what a project leaves out beyond what is always left out."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from mwaactl.errors import ProjectError

IGNORE_FILE = ".mwaactlignore"


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The patterns of the file, in the syntax of .gitignore; none where there is no file.

    Attributes:
        patterns: Relative to the project's root.
    """

    patterns: GitIgnoreSpec = field(default_factory=lambda: GitIgnoreSpec.from_lines([]))

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """Says what the last pattern that matches a path decides.

        Args:
            path: Below the project's root, with `/`.
            folder: Whether it is a folder.

        Returns:
            True: leave it out; False: a pattern with `!` wants it; None: no pattern matches.
        """
        if not self.patterns.patterns:
            return None
        return self.patterns.check_file(f"{path}/" if folder else path).include


def read_ignore_file(root: Path) -> IgnoreFile:
    """Reads `.mwaactlignore` in the project's root.

    Raises:
        ProjectError: It cannot be read, or a line of it is no pattern.
    """
    try:
        lines = (root / IGNORE_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return IgnoreFile()
    except OSError as error:
        message = f"`{IGNORE_FILE}` cannot be read: {error.strerror}"
        raise ProjectError(message, path=IGNORE_FILE, code="project.unreadable") from error
    except UnicodeDecodeError as error:
        message = f"`{IGNORE_FILE}` is not UTF-8 text"
        raise ProjectError(message, path=IGNORE_FILE, code="project.unreadable") from error
    try:
        return IgnoreFile(GitIgnoreSpec.from_lines(lines))
    except (ValueError, re.error) as error:
        message = f"`{IGNORE_FILE}` holds a line that is no pattern: {error}"
        hint = "it has the syntax of .gitignore, relative to the project's root"
        raise ProjectError(message, path=IGNORE_FILE, hint=hint, code="project.invalid") from error
