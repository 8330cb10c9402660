"""From where to where a run loads, and how the watermark moves.

What a run has seen goes from task to task: if another run moves the watermark meanwhile, this one does not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from reference_pipelines import warehouse

if TYPE_CHECKING:
    from typed_assets.services import Services

ASSET = "incremental.flights"
LOOK = "look"
"""The task that says what the run loads."""
STEP = timedelta(days=31)
LATE = timedelta(days=2)
BEGINNING = datetime(2013, 1, 1, tzinfo=UTC)
_SQL = files(__package__) / "sql"

type Seen = dict[str, Any]
"""The hours that a run loads, `first` and `last`, and the watermark's entry, `mark`; as XCom keeps it."""


@dataclass(frozen=True, slots=True)
class Window:
    """The hours that a run loads.

    Attributes:
        watermark: up to it all rows have been loaded; it is not loaded again but for late rows.
        first: the first hour that is loaded.
        last: the hour before which loading ends.
    """

    watermark: datetime
    first: datetime
    last: datetime

    @classmethod
    def beyond(cls, watermark: datetime) -> "Window":
        """Return the window that follows a watermark, and reaches back for late rows."""
        return cls(watermark, watermark - LATE, watermark + STEP)

    def with_next(self, hour: datetime) -> "Window":
        """Return the window, longer if the first hour with rows beyond the watermark is not in it yet."""
        return self if hour < self.last else replace(self, last=hour + STEP)


def look_for_window(params: Mapping[str, Any]) -> Seen:
    """Say what this run loads, as a task of Airflow."""
    from typed_assets.building.services import airflow_services

    return look(airflow_services(), str(params.get("from") or ""))


def look(services: "Services", begin: str = "") -> Seen:
    """Return what a run loads: beyond the watermark, or beyond the moment that it shall begin from."""
    from typed_assets.state import state

    mark = state(ASSET, services=services).get()
    begin = begin or (str(mark.value) if mark else "")
    window = Window.beyond(_moment(begin) if begin else BEGINNING)
    sql = (_SQL / "next_hour.sql").read_text(encoding="utf-8")
    [[row]] = warehouse.run(services, sql.format(watermark=_literal(window.watermark)))
    if row["hour"] is not None:
        window = window.with_next(_moment(row["hour"]))
    hours = {"first": window.first.isoformat(), "last": window.last.isoformat()}
    return {**hours, "mark": asdict(mark) if mark else None}


def select(seen: Seen) -> str:
    """Return the SELECT for the rows of a run."""
    text = (_SQL / "window.sql").read_text(encoding="utf-8")
    return text.format(first=_literal(_moment(seen["first"])), last=_literal(_moment(seen["last"])))


def advance_watermark(ti: Any) -> str:  # noqa: ANN401 - Airflow's task instance
    """Move the watermark, as a task of Airflow; return where it stands."""
    from typed_assets.building.services import airflow_services

    return advance(airflow_services(), ti.xcom_pull(task_ids=LOOK))


def advance(services: "Services", seen: Seen) -> str:
    """Move the watermark to the newest hour that has been published; return it as ISO 8601.

    Args:
        services: of the environment.
        seen: what `look` has returned in this run.

    Raises:
        StateConflictError: another run has moved it since.
    """
    from typed_assets.state import Entry, state

    mark = state(ASSET, services=services)
    [[row]] = warehouse.run(services, "SELECT MAX(time_hour) AS newest FROM incremental.flights")
    newest = _moment(row["newest"]).isoformat()
    there = mark.get()
    if there is not None and there.value == newest:
        return newest  # an earlier try has come so far
    before = Entry(**seen["mark"]) if seen["mark"] else None
    return str(mark.compare_and_set(before, newest).value)


def _literal(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("'%Y-%m-%d %H:%M:%S'")


def _moment(text: str) -> datetime:
    """Read ISO 8601, and what the warehouse writes; without a time zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
