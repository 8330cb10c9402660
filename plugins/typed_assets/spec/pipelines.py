"""A pipeline: the intermediate value of one DAG, whether it was written in Python or in YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from typed_assets.spec.assets import Asset
from typed_assets.spec.automation import Condition
from typed_assets.spec.errors import Place

TIMEOUT = timedelta(hours=1)
"""Of a task of an asset step, where nobody says otherwise."""
DISPATCHER = "__partitions"
"""Behind a pipeline's id it makes that of the DAG that starts its partitions, so no pipeline's id ends so."""


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
        retries: of its tasks; a check that has found something is not tried again, because the same data
            would break it again.
        timeout: of each task.
        sources: upstream assets that other pipelines make, as far as the author gave their values.
        place: where the author wrote it.
    """

    id: str
    assets: tuple[Asset, ...]
    make: Callable[..., Any] | str
    after: tuple[str, ...] = ()
    retries: Retries = Retries()
    timeout: timedelta = TIMEOUT
    sources: tuple[Asset, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What the task of an operator step returned; stands for the value in arguments of a later one."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorStep:
    """A step that is an operator of Airflow as it stands.

    Attributes:
        operator: `module.Class`.
        arguments: for its constructor, without `task_id`; `Output` may stand anywhere in them.
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
        sources: assets that other pipelines make and this one reads or waits for; those that a step's
            `sources` name need not be repeated.
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
    sources: tuple[Asset, ...] = ()
    place: Place | None = None
