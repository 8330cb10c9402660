"""`make demo`: emulator up, project deployed, data landed, pipeline run, figures compared."""

import sys

from rich.console import Console

from demo.commands import CommandFailedError
from demo.console import Steps
from demo.dataset import DatasetError
from demo.steps import Demo, FiguresDisagreeError
from demo.warehouse import QueryFailedError

FAILURES = (CommandFailedError, DatasetError, FiguresDisagreeError, QueryFailedError)
INTERRUPTED = 130


def main() -> int:
    """Run the demo; return its exit code."""
    console = Console(highlight=False)
    try:
        Demo(Steps(console, total=5), console).run()
    except FAILURES as failure:
        _tell(failure)
        return 1
    except KeyboardInterrupt:
        _tell_stderr("interrupted; `make down` stops what runs, `make demo` goes on from here")
        return INTERRUPTED
    return 0


def _tell(failure: Exception) -> None:
    if isinstance(failure, CommandFailedError):
        _tell_stderr(f"\nerror: {failure}\n\n{failure.output}")
    else:
        _tell_stderr(f"\nerror: {failure}")
    _tell_stderr(
        "\nhint: `.venv/bin/mwaactl emulator logs` shows the logs; `make down` stops everything; "
        "`make demo` tries again"
    )


def _tell_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
