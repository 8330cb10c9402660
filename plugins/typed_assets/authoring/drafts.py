"""`pipeline(...)`: collects the steps of one DAG.

    with pipeline("flights", schedule=OnCron("0 6 * * *")) as flights:

        @asset(uri="s3://{data_bucket}/lake/flights/")
        def lake__flights(context): ...

    dag = build(flights)

Steps that are decorated within the block belong to it. Nothing is kept beyond the block: a context variable
names the pipeline whose block is open, as `with DAG(...)` of Airflow does.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from datetime import date
from types import TracebackType
from typing import Any, Self

from typed_assets.authoring.places import place_of, place_of_caller, placed
from typed_assets.authoring.references import After, listed, step_ids
from typed_assets.spec.assets import Asset
from typed_assets.spec.automation import CONDITIONS, Condition
from typed_assets.spec.errors import SpecError
from typed_assets.spec.given import instance
from typed_assets.spec.order import ordered
from typed_assets.spec.pipelines import OperatorStep, Output, Pipeline, Step

_open: "ContextVar[Draft | None]" = ContextVar("typed_assets_open_pipeline", default=None)


@dataclass(slots=True)
class Draft:
    """A pipeline that is being written.

    Attributes:
        head: all of it but the steps that are still to come.
        steps: what has been collected.
    """

    head: Pipeline
    steps: list[Step] = field(default_factory=list)
    _token: "Token[Draft | None] | None" = None

    def __enter__(self) -> Self:
        self._token = _open.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._token is not None:
            _open.reset(self._token)
        if error is None:
            ordered(self.spec)

    def __call__(self, function: Callable[[], object]) -> Pipeline:
        """Call a function whose body decorates the steps; its name and docstring serve where none were said.

        Raises:
            SpecError: the pipeline is not good.
        """
        head = self.head
        self.head = replace(
            head,
            id=head.id or function.__name__,
            documentation=head.documentation or inspect.getdoc(function) or "",
            place=place_of(function),
        )
        with self:
            function()
        return self.spec

    def add(self, step: Step) -> None:
        """Add a step."""
        self.steps.append(step)

    @property
    def spec(self) -> Pipeline:
        """The pipeline with the steps that have been collected.

        Raises:
            SpecError: it has no id.
        """
        if not self.head.id:
            message = "a pipeline needs an id"
            raise SpecError(message, hint='write `pipeline("ID", ...)`', place=self.head.place)
        return replace(self.head, steps=(*self.head.steps, *self.steps))


def collect[S: Step](step: S) -> S:
    """Add a step to the pipeline whose block is open, if one is; return it."""
    draft = _open.get()
    if draft is not None:
        draft.add(step)
    return step


def pipeline(  # noqa: PLR0913 - a DAG has this many sides, all by keyword
    id: str = "",  # noqa: A002 - as DAGs call it
    *,
    steps: Iterable[Step] = (),
    description: str = "",
    documentation: str = "",
    schedule: Condition | None = None,
    start: date | None = None,
    tags: Iterable[str] = (),
    owners: Iterable[str] = (),
    arguments: Mapping[str, Any] | None = None,
    default_arguments: Mapping[str, Any] | None = None,
    on_failure: Iterable[tuple[str, Mapping[str, Any]]] = (),
    sources: Iterable[Asset] = (),
) -> Draft:
    """Begin a pipeline: use it with `with`, or to decorate a function whose body decorates the steps.

    Args:
        id: of the DAG; without it, the name of the decorated function.
        steps: steps that were decorated elsewhere.
        description: one sentence.
        documentation: Markdown; without it, the docstring of the decorated function.
        schedule: when it runs, or None: only when it is asked to.
        start: the first day that a schedule counts from.
        tags: of the DAG.
        owners: of the DAG's tasks.
        arguments: further arguments of Airflow's `DAG`.
        default_arguments: for every operator.
        on_failure: notifiers, as `module.Class` and arguments.
        sources: assets of other pipelines that are named here by name only.

    Raises:
        SpecError: the schedule or the first day is of another type, or a list is one text.
    """
    place = place_of_caller(1)
    with placed(place):
        its_tags, its_owners = listed("tags", tags), listed("owners", owners)
        if schedule is not None:
            instance(
                schedule, CONDITIONS, "`schedule`", f'write `OnCron("{schedule}")`, or another condition'
            )
        if start is not None:
            instance(start, date, "`start`", "write `date(2013, 1, 1)`")
    head = Pipeline(
        id=id,
        steps=tuple(steps),
        description=description,
        documentation=documentation,
        schedule=schedule,
        start=start,
        tags=its_tags,
        owners=its_owners,
        arguments=dict(arguments or {}),
        default_arguments=dict(default_arguments or {}),
        on_failure=tuple(on_failure),
        sources=tuple(sources),
        place=place,
    )
    return Draft(head)


def operator(
    id: str,  # noqa: A002 - as steps call it
    kind: str | type,
    *,
    expand: Mapping[str, Any] | None = None,
    after: Iterable[After] = (),
    **arguments: Any,  # noqa: ANN401 - whatever the operator takes
) -> OperatorStep:
    """Make a step that is an operator of Airflow as it stands.

    Args:
        id: of the step, and of the task.
        kind: the operator's class, or `module.Class`, which is imported when the DAG is built.
        expand: arguments with lists, one mapped task instance for each.
        after: steps that must come first.
        arguments: for the operator; an operator step among them stands for what its task returns.
    """
    name = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"
    return collect(
        OperatorStep(
            id=id,
            operator=name,
            arguments={key: _with_outputs(value) for key, value in arguments.items()},
            expand={key: _with_outputs(value) for key, value in (expand or {}).items()},
            after=step_ids(after),
            place=place_of_caller(1),
        )
    )


def _with_outputs(value: Any) -> Any:  # noqa: ANN401 - whatever the operator takes
    match value:
        case OperatorStep():
            return Output(value.id)
        case dict():
            return {key: _with_outputs(part) for key, part in value.items()}
        case list():
            return [_with_outputs(part) for part in value]
        case _:
            return value
