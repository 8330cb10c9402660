"""`.airflowignore`, as Airflow itself reads it."""

import re
from collections.abc import Callable, Iterator

from pathspec import GitIgnoreSpec

AIRFLOW_IGNORE = ".airflowignore"
# Airflow takes what follows a number sign for a comment, also behind a backslash.
_COMMENT = re.compile(r"\s*#.*")


def ignore_lines(text: str) -> Iterator[tuple[int, str]]:
    """Gives the patterns of an ignore file with the numbers of their lines; comments are gone."""
    for number, line in enumerate(text.split("\n"), 1):
        if pattern := _COMMENT.sub("", line.removesuffix("\r")):
            yield number, pattern


def is_glob(pattern: str) -> bool:
    """Tells whether a pattern is one of .gitignore; `!` and `[z-a]` are none."""
    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        return False
    return True


def glob_matcher(text: str) -> Callable[[str], bool]:
    """Returns what tells whether an ignore file of globs leaves out a path; what is no glob is not there."""
    patterns = [pattern for _, pattern in ignore_lines(text) if is_glob(pattern)]
    return GitIgnoreSpec.from_lines(patterns).match_file
