"""What the driver reports, as values; paths are relative to Airflow's home, for example `dags/tables.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

type AccessKind = Literal["network", "variable", "connection", "database"]


@dataclass(frozen=True, slots=True)
class NotableTask:
    """A task about which something may be said.

    Attributes:
        id: Its task_id.
        queue: The queue it names; None where it names none.
        executor: The executor it names; None where it names none.
        in_cluster: What it says about the Kubernetes cluster it runs in; None where it says nothing.
        deferrable: Whether it waits in the triggerer.
        operators: Classes of the catalogue's table that it is one of.
    """

    id: str
    queue: str | None
    executor: str | None
    in_cluster: bool | None
    deferrable: bool
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedDag:
    """A DAG of one file.

    Attributes:
        id: Its dag_id.
        tasks: Number of its tasks.
        times: How many DAGs of that id the file makes.
        notable: Its tasks about which something may be said.
    """

    id: str
    tasks: int
    times: int
    notable: tuple[NotableTask, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that Airflow shows as an import error.

    Attributes:
        path: The file that Airflow blames.
        text: Its words: a traceback, or a message.
        dag: The dag_id where it is about one DAG.
    """

    path: str
    text: str
    dag: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """An access to something outside while a file was imported.

    Attributes:
        kind: To what.
        what: Address, or name of the variable or connection.
        path: The file with the line.
        line: The line, from 1.
    """

    kind: AccessKind
    what: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What a slow import spent its time on, in seconds.

    Attributes:
        lines: (path, line) of the user's code, the most costly first.
        imports: Packages imported, cumulative.
        calls: Functions called from the user's code, cumulative.
    """

    lines: Mapping[tuple[str, int], float]
    imports: Mapping[str, float]
    calls: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What came of parsing one file.

    Attributes:
        file: Key of the file, for example `dags/flights.py`; `plugins` for the plugins as a whole.
        seconds: How long it took.
        dags: The DAGs that Airflow takes from it.
        troubles: Why it takes others not.
        accesses: What it reached for.
        ended: How its process ended where it gave no result: exit code, negative signal, `late`; else None.
        trace: Where the process was when it crashed or hung, or what it raised beyond an exception.
        reads: Files of the DAG folder and of plugins/ that it read; None where that is not known.
        costs: What it spent its time on, where it was slow; of a second run.
        again: How long the second run took.
        assets: What its DAGs tell of assets that they make, as `typed_assets` writes it.
    """

    file: str
    seconds: float = 0.0
    dags: tuple[ParsedDag, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    accesses: tuple[Access, ...] = ()
    ended: int | Literal["late", "raised"] | None = None
    trace: str = ""
    reads: tuple[str, ...] | None = None
    costs: Costs | None = None
    again: float = field(default=0.0)
    assets: tuple[Mapping[str, Any], ...] = ()


def file_facts(file: str, found: Mapping[str, Any]) -> FileFacts:
    """Makes a value of what the driver wrote about a file.

    Raises:
        KeyError: Something is missing.
        TypeError: Something has another type.
    """
    sampled = found.get("sampled", {})
    return FileFacts(
        file=file,
        seconds=float(found.get("seconds", 0.0)),
        dags=tuple(_dag(each) for each in found.get("dags", ())),
        troubles=tuple(Trouble(**each) for each in found.get("errors", ())),
        accesses=tuple(Access(**each) for each in found.get("accesses", ())),
        ended="raised" if "raised" in found else found.get("ended"),
        trace=str(found.get("trace", "")),
        reads=tuple(found["reads"]) if "reads" in found else None,
        costs=_costs(sampled["costs"]) if "costs" in sampled else None,
        again=float(sampled.get("seconds", 0.0)),
        assets=tuple(found.get("assets", ())),
    )


def _dag(data: Mapping[str, Any]) -> ParsedDag:
    notable = tuple(
        NotableTask(**{**each, "operators": tuple(each["operators"])}) for each in data["notable"]
    )
    return ParsedDag(data["id"], data["tasks"], data["times"], notable)


def _costs(data: Mapping[str, Any]) -> Costs:
    lines = {(each["path"], each["line"]): each["seconds"] for each in data["lines"]}
    return Costs(lines, data["imports"], data["calls"])
