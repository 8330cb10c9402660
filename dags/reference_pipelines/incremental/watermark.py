"""From where to where a run loads, and how the watermark moves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from reference_pipelines import warehouse

if TYPE_CHECKING:
    from typed_assets import AssetContext
    from typed_assets.services import Services

ASSET = "incremental.flights"
STEP = timedelta(days=31)
LATE = timedelta(days=2)
BEGINNING = datetime(2013, 1, 1, tzinfo=UTC)
_SQL = files(__package__) / "sql"


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

    def select(self) -> str:
        """Return the SELECT for the rows of the window."""
        text = (_SQL / "window.sql").read_text(encoding="utf-8")
        return text.format(first=_literal(self.first), last=_literal(self.last))


def _literal(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("'%Y-%m-%d %H:%M:%S'")


def window(context: "AssetContext") -> Window:
    """Return the window of a run: beyond the watermark, or beyond what its parameter `from` says."""
    from typed_assets.state import state

    seen = state(ASSET, services=context.services).get()
    begin = context.run.params.get("from") or (seen and seen.value)
    return Window.beyond(_moment(str(begin)) if begin else BEGINNING)


def advance_watermark() -> str:
    """Move the watermark, as a task of Airflow; return where it stands."""
    from typed_assets.building.services import airflow_services

    return advance(airflow_services())


def advance(services: "Services") -> str:
    """Move the watermark to the newest hour that has been published; return it as ISO 8601.

    Raises:
        StateConflictError: another run has moved it meanwhile.
    """
    from typed_assets.state import state

    mark = state(ASSET, services=services)
    seen = mark.get()
    [[row]] = warehouse.run(services, "SELECT MAX(time_hour) AS newest FROM incremental.flights")
    newest = _moment(row["newest"]).isoformat()
    return str(mark.compare_and_set(seen, newest).value)


def _moment(text: str) -> datetime:
    """Read ISO 8601, and what the warehouse writes; without a time zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
