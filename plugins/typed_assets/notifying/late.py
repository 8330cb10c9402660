"""What is told when assets become late, and from which run; one message for all of a look."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from typed_assets.notifying.message import Message
from typed_assets.spec.freshness import AssetAge

PAGE = "asset-catalogue/"
"""Where `typed_assets_plugin` puts the page with assets."""
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRun:
    """The run that has looked.

    Attributes:
        dag_id: of the run; likewise `run_id` and `task_id`.
        environment: the name of the MWAA environment; empty elsewhere.
        base_url: of Airflow's UI; empty where Airflow does not know its address.
    """

    dag_id: str
    run_id: str
    task_id: str
    environment: str = ""
    base_url: str = ""


def look_run(context: Any) -> LookRun:  # noqa: ANN401 - Airflow's context
    """Return the run of a task."""
    from typed_assets.building.versions import name_of_airflow

    ti = context["ti"]
    return LookRun(
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        task_id=ti.task_id,
        environment=os.environ.get("AIRFLOW_ENV_NAME", ""),
        base_url=name_of_airflow("conf").get("api", "base_url", fallback=None) or "",
    )


def late_message(found: Sequence[AssetAge], look: LookRun) -> Message:
    """Return what there is to say of assets that have become late or ageing."""
    return Message(
        dag_id=look.dag_id,
        run_id=look.run_id,
        task_id=look.task_id,
        environment=look.environment,
        headline=_headline(found),
        asset=found[0].asset if len(found) == 1 else None,
        notes=tuple(_note(each) for each in found),
        link=_link(found, look.base_url),
    )


def _headline(found: Sequence[AssetAge]) -> str:
    late = [each.asset for each in found if each.is_late]
    names, state = late or [each.asset for each in found], "late" if late else "soon late"
    if len(names) == 1:
        return f"{names[0]} is {state}"
    more = f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else ""
    return f"{len(names)} assets are {state}: {', '.join(names[:_MOST_NAMES])}{more}"


def _note(age: AssetAge) -> str:
    said = f"freshness: {age.sentence}"
    return said if age.at is None else f"{said}; the last time was {age.at:%Y-%m-%d %H:%M} UTC"


def _link(found: Sequence[AssetAge], base_url: str) -> str:
    if not base_url:
        return ""
    page = f"{base_url.rstrip('/')}/{PAGE}"
    return f"{page}#/asset/{quote(found[0].asset, safe='')}" if len(found) == 1 else page
