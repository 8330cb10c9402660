"""What importing a DAG file costs, and what it reaches for: measured as Airflow's DAG processor imports it.

The DAG processor starts a process for each file every 30 seconds or so, after it has imported the modules of
Airflow that the file names. What the file itself and other libraries take is paid each time, and once more
when a task starts.
"""

from dataclasses import dataclass
from pathlib import Path

from typed_assets.testing.parsing_process import import_apart


@dataclass(frozen=True, slots=True)
class Reach:
    """Something that a file reached for while it was imported.

    Attributes:
        event: of Python's audit events: `socket.connect`, `subprocess.Popen` ...
        what: the address, the host or the command.
        line: of the file that is to blame, as `path:line`.
    """

    event: str
    what: str
    line: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """How the import of a file went.

    Attributes:
        cpu_ms: CPU milliseconds, the least of three imports in fresh processes.
        reached: what it reached for; the first refusal often ends the import.
        error: what it raised, or None.
    """

    cpu_ms: float
    reached: tuple[Reach, ...]
    error: str | None


def parse(path: Path | str) -> Parsed:
    """Import a DAG file in processes of their own, which may reach for nothing.

    The first call starts the process that they are forks of; it imports Airflow once for all files.

    Raises:
        RuntimeError: a process cannot be started, crashed, or took more than two minutes.
    """
    answer = import_apart(Path(path).resolve())
    reached = tuple(Reach(**each) for each in answer["reached"])
    return Parsed(answer["cpu_ms"], reached, answer["error"])


def assert_parse_cost(path: Path | str, max_ms: float) -> None:
    """Import a file, and fail if that takes more CPU time than its budget.

    Raises:
        AssertionError: it takes more, or cannot be imported.
    """
    found = _imported(path)
    if found.cpu_ms > max_ms:
        message = f"importing {path} takes {found.cpu_ms:.0f} ms of CPU, and its budget is {max_ms:.0f} ms"
        raise AssertionError(message)


def assert_no_effects(path: Path | str) -> None:
    """Import a file, and fail if it reaches for the network, another process or a database.

    Raises:
        AssertionError: it does, with what and where, or cannot be imported.
    """
    found = parse(path)
    if found.reached:
        said = "\n".join(f"{each.line}: {each.event} {each.what}" for each in found.reached)
        message = f"importing {path} reaches for what only a task should:\n{said}"
        raise AssertionError(message)
    _imported(path, found)


def _imported(path: Path | str, parsed: Parsed | None = None) -> Parsed:
    found = parsed or parse(path)
    if found.error is not None:
        message = f"{path} cannot be imported: {found.error}"
        raise AssertionError(message)
    return found
