"""What to say where the driver ended before its work was done: which files may have ended it."""

import signal
from collections.abc import Sequence

from mwaactl.errors import ProjectError

CODE = "project.parsing-failed"
_HINT = "a file that ends other processes while it is imported would end MWAA's DAG processor too: {look}"
_MEMORY = "; where it does not, the memory of this machine may be used up"


def ending_of(code: int) -> str:
    """Says how a process ended, from its return code."""
    if code >= 0:
        return f"ended with code {code}"
    known = {each.value: each.name for each in signal.Signals}
    return f"was killed by {known.get(-code, f'signal {-code}')}"


def with_files(error: ProjectError, underway: Sequence[str]) -> ProjectError:
    """Returns the error of a driver, with the files that were being parsed.

    Args:
        error: Why the driver gave no results.
        underway: Keys of the files that it had begun and not finished.
    """
    if error.code != CODE or not underway:
        return error
    files = " or ".join(f"`{file}`" for file in underway)
    alone = len(underway) == 1
    look = "have it define DAGs only" if alone else "look which of these does more than define DAGs"
    hint = _HINT.format(look=look) + _MEMORY
    path = underway[0] if alone else None
    return ProjectError(f"{error.message}, while it parsed {files}", path=path, hint=hint, code=CODE)
