"""A pipeline: the intermediate value of one DAG, whether it was written in Python or in YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from typed_assets.spec.assets import Asset
from typed_assets.spec.automation import Condition
from typed_assets.spec.errors import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a task is tried again, and how long after."""

    count: int = 2
    delay: timedelta = timedelta(seconds=30)
    exponential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetStep:
    """A step that makes one asset or several: `write`, then `audit`, then `publish`.

    Attributes:
        assets: what it makes.
        make: the function that makes them, or its name as `module:function`, or the path of a SQL file.
        after: steps of this pipeline that must come first, by id, beside those that upstream assets imply.
        retries: for the writer; a check is not tried again, because the same data would break it again.
        timeout: of each task.
        place: where the author wrote it.
    """

    id: str
    assets: tuple[Asset, ...]
    make: Callable[..., Any] | str
    after: tuple[str, ...] = ()
    retries: Retries = Retries()
    timeout: timedelta = timedelta(hours=1)
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorStep:
    """A step that is an operator of Airflow as it stands.

    Attributes:
        operator: `module.Class`.
        arguments: for its constructor, without `task_id`.
        expand: arguments with lists, one mapped task instance for each; empty where it is not mapped.
    """

    id: str
    operator: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    expand: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    place: Place | None = None


type Step = AssetStep | OperatorStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One DAG.

    Attributes:
        id: the DAG's id.
        steps: in any order.
        schedule: when it runs, or None: only when it is asked to.
        start: the first day that a schedule counts from.
        arguments: further arguments of `DAG` (catchup, max_active_runs, params ...).
        default_arguments: for every operator.
        on_failure: notifiers, as `module.Class` and arguments.
    """

    id: str
    steps: tuple[Step, ...]
    description: str = ""
    documentation: str = ""
    schedule: Condition | None = None
    start: date | None = None
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    default_arguments: Mapping[str, Any] = field(default_factory=dict)
    on_failure: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    place: Place | None = None
