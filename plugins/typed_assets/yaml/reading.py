"""Reads pipelines from YAML files: values and mistakes, never an exception for what an author wrote."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from re import compile as pattern
from typing import Any

from typed_assets.spec.assets import Asset
from typed_assets.spec.automation import Condition
from typed_assets.spec.errors import Place, SpecError, nearest
from typed_assets.spec.order import check_id, ordered, outputs_in
from typed_assets.spec.pipelines import Pipeline, Step
from typed_assets.spec.schedule_values import Abilities
from typed_assets.yaml.conversion import ConversionError, asset
from typed_assets.yaml.defaults import BASE_OPERATOR, NAME, merged
from typed_assets.yaml.documents import Path, read_document
from typed_assets.yaml.folder_defaults import FolderDefaults
from typed_assets.yaml.loops import MARK, LoopError, combinations, filled
from typed_assets.yaml.models import PipelineModel
from typed_assets.yaml.notes import Notes
from typed_assets.yaml.operator_arguments import Operators, faults, faults_of_defaults
from typed_assets.yaml.plans import NEWEST, is_plain, plan_fault
from typed_assets.yaml.problems import shown
from typed_assets.yaml.references import REF, Folder, References
from typed_assets.yaml.schedules import ScheduleError, condition
from typed_assets.yaml.steps import Steps, validated
from typed_assets.yaml.values import ValueFaultError, converted

SUFFIXES = (".yaml", ".yml")
_NOT_READ = ("_", ".")
DAG = "airflow.sdk.DAG"
_ID = pattern(r"[\w.-]{1,250}")
_TOP = {
    "dag_id": "id",
    "schedule": "schedule",
    "start_date": "start",
    "description": "description",
    "doc_md": "documentation",
    "tags": "tags",
    "default_args": "default_arguments",
    "on_failure_callback": "on_failure",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in files.

    Attributes:
        pipelines: of files without a mistake.
        mistakes: what is wrong, with places.
        taken: for `default_arguments`: arguments that some operator takes; `*` where one is not known.
        operators: that steps have.
    """

    pipelines: tuple[Pipeline, ...] = ()
    mistakes: tuple[SpecError, ...] = ()
    taken: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reader:
    """Reads the pipelines below one folder.

    Attributes:
        folder: where files are.
        root: the folder's path, with `/`.
        operators: knows operators.
        abilities: of the version of Airflow.
        defaults: of the folder and those below.
    """

    folder: Folder
    root: str
    operators: Operators
    abilities: Abilities = NEWEST
    defaults: FolderDefaults = field(init=False)

    def __post_init__(self) -> None:
        self.defaults = FolderDefaults(self.folder, self.root, self.operators)

    def read_all(self, files: Iterable[str]) -> Reading:
        """Read files that hold pipelines; see `is_pipeline`."""
        readings = [self.read(file) for file in files]
        pipelines = [each for reading in readings for each in reading.pipelines]
        mistakes = {each.sentence: each for reading in readings for each in reading.mistakes}
        twice = _twice(pipelines)
        taken = frozenset().union(*(reading.taken for reading in readings))
        used = frozenset().union(*(reading.operators for reading in readings))
        for each in [*twice, *self.defaults.faults(taken, used)]:
            mistakes[each.sentence] = each
        files_of_twice = {each.place.file for each in twice if each.place}
        kept = (each for each in pipelines if each.place is None or each.place.file not in files_of_twice)
        return Reading(tuple(kept), tuple(mistakes.values()), taken)

    def read(self, file: str, only: str | None = None) -> Reading:
        """Read one file; with `only`, nothing of it but the pipeline with this id."""
        content = self.folder.read(file)
        if content is None:
            return Reading(mistakes=(SpecError("there is no such file", place=Place(file)),))
        references = References(self.folder)
        try:
            defaults = tuple(self.defaults.above(file))
            document = read_document(content, file)
            value = references.followed(document) if REF.encode() in content else document.value
        except SpecError as error:
            return Reading(mistakes=(error,))
        notes = Notes(document, references, defaults)
        fill = MARK.encode() in content or any(
            MARK in str(each.value) for each in (*defaults, *references.found.values())
        )
        found = _File(notes, self.operators, self.abilities, name_of(file))
        pipelines = tuple(found.pipelines(value, only, fill=fill))
        taken, used = frozenset(found.taken), frozenset(found.used)
        if notes.errors:
            return Reading((), tuple(notes.errors.values()), taken, used)
        return Reading(pipelines, (), taken, used)


def is_pipeline(file: str, root: str) -> bool:
    """Say whether a file holds a pipeline: names that begin with `_` or `.` are for others to refer to."""
    start = _start(root)
    below = file.removeprefix("./").removeprefix(start)
    return (
        file.lower().endswith(SUFFIXES)
        and file.removeprefix("./").startswith(start)
        and not below.startswith(_NOT_READ)
        and not any(f"/{first}" in below for first in _NOT_READ)
    )


@cache
def _start(root: str) -> str:
    """Return what the paths of all files below a folder begin with."""
    folder = PurePosixPath(root).as_posix()
    return "" if folder == "." else f"{folder}/"


def name_of(file: str) -> str:
    """Return the id of the pipeline in a file that says none."""
    return file.rpartition("/")[2].partition(".")[0]


def _twice(pipelines: Iterable[Pipeline]) -> list[SpecError]:
    first: dict[str, Pipeline] = {}
    found = []
    for each in pipelines:
        other = first.setdefault(each.id, each)
        if other is not each:
            message = (
                f"`{each.id}` is also the id of the pipeline in `{other.place.file if other.place else ''}`"
            )
            found.append(SpecError(message, place=each.place))
    return found


def _loop(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the combinations of a file's matrix, one without variables where it has none."""
    matrix, exclude = value.get("matrix"), value.get("exclude")
    if matrix is None:
        if exclude is not None:
            raise LoopError(("exclude",), "there is no `matrix` to leave anything out of")
        yield {}
        return
    found = False
    for variables in combinations(matrix, ("matrix",), exclude):
        found = True
        yield variables
    if not found:
        raise LoopError(("exclude",), "every combination of the matrix is left out, so there is no pipeline")


class _File:
    """Makes pipelines of the value of one file."""

    def __init__(self, notes: Notes, operators: Operators, abilities: Abilities, name: str) -> None:
        self._notes, self._operators, self._name = notes, operators, name
        self._abilities = abilities
        self.taken: set[str] = set()
        self.used: set[str] = set()

    def pipelines(self, value: Any, only: str | None, *, fill: bool) -> Iterator[Pipeline]:  # noqa: ANN401 - any JSON value
        if not isinstance(value, dict):
            self._notes.add((), f"a pipeline must be a mapping with `steps`, not {shown(value)}")
            return
        ids: set[str] = set()
        try:
            for variables in _loop(value):
                if only is not None and filled(value.get("id", self._name), variables, ("id",)) != only:
                    continue
                made = self._pipeline(value, variables, fill=fill)
                if made is not None and made.id in ids:
                    message = f"the matrix makes several pipelines with the id `{made.id}`"
                    self._notes.add(("id",), message, "put its variables into `id`")
                elif made is not None:
                    ids.add(made.id)
                    yield made
        except LoopError as error:
            self._notes.add(*error.problem)

    def _pipeline(
        self, value: Mapping[str, Any], variables: Mapping[str, Any], *, fill: bool
    ) -> Pipeline | None:
        head = merged([*(each.value for each in self._notes.defaults), value])
        items = head.get("steps")
        if fill:
            kept = ("steps", "matrix", "exclude")
            rest = filled({key: each for key, each in head.items() if key not in kept}, variables, ())
            head = {**rest, **{key: head[key] for key in kept if key in head}}
        model = validated(PipelineModel, head, (), self._notes)
        by_operator = {} if model is None else model.operators
        defaults = {} if model is None else model.default_arguments
        steps = Steps(self._notes, self._operators, defaults, by_operator)
        made = steps.read(items if isinstance(items, list) else (), variables, fill=fill)
        self.taken |= steps.taken
        self.used |= steps.operators
        if model is None:
            return None
        self._own_defaults(defaults, steps.taken)
        self._own_operators(by_operator, steps.operators)
        whole = self._whole(model, made)
        if not self._notes.errors:
            self._judge(whole, connected=steps.connected)
        return whole

    def _judge(self, pipeline: Pipeline, *, connected: bool) -> None:
        """Note what is wrong with a pipeline as a whole."""
        try:
            check_id(pipeline)
            if connected:
                ordered(pipeline)
        except SpecError as error:
            self._notes.put(error)
            return
        if connected or not is_plain(pipeline):
            fault = plan_fault(pipeline, self._abilities, self._notes.place)
            if fault is not None:
                self._notes.put(fault)

    def _whole(self, model: PipelineModel, steps: tuple[Step, ...]) -> Pipeline:
        name = model.id or self._name
        if not _ID.fullmatch(name):
            self._notes.add(("id",), f"`{name}` cannot be an id", "use letters, digits, `_`, `-` and `.`")
        return Pipeline(
            id=name,
            steps=steps,
            description=model.description,
            documentation=model.documentation,
            schedule=self._schedule(model.schedule),
            start=model.start,
            tags=tuple(model.tags),
            owners=tuple(model.owners),
            arguments=self._dag_arguments(model.arguments),
            default_arguments=self._converted(model.default_arguments, BASE_OPERATOR, ("default_arguments",)),
            on_failure=tuple(self._notifiers(model)),
            sources=tuple(self._sources(model)),
            place=self._notes.place(("id",) if model.id else ()),
        )

    def _sources(self, model: PipelineModel) -> Iterator[Asset]:
        first: dict[str, int] = {}
        for number, each in enumerate(model.sources):
            if first.setdefault(each.name, number) != number:
                message = f"`{each.name}` is named twice, first as `sources[{first[each.name]}]`"
                self._notes.add(("sources", number, "name"), message, "leave one of them out")
                continue
            try:
                yield asset(each, ("sources", number))
            except ConversionError as error:
                self._notes.add(error.path, error.error.message, error.error.hint, word=error.word)

    def _schedule(self, value: Any) -> Condition | None:  # noqa: ANN401 - any JSON value
        try:
            return None if value is None else condition(value)
        except ScheduleError as error:
            self._notes.add(*error.problem)
            return None

    def _dag_arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known = self._operators.arguments_of(DAG)
        for name in given:
            if name in _TOP:
                message = f"`{name}` of the DAG is not given here"
                self._notes.add(("arguments", name), message, f"write `{_TOP[name]}` beside `steps`")
        if known is not None:
            others = {name: value for name, value in given.items() if name not in _TOP}
            for fault in faults(known, others, {}, dict.fromkeys(_TOP), known.arguments):
                self._notes.add(
                    ("arguments", *([fault.name] if fault.name else [])), fault.message, fault.hint
                )
        return self._converted(given, DAG, ("arguments",))

    def _own_defaults(self, defaults: Mapping[str, Any], taken: set[str]) -> None:
        base = self._operators.arguments_of(BASE_OPERATOR)
        if base is None:
            return
        known = {name: value for name, value in defaults.items() if name in base.arguments}
        for fault in faults(base, known, {}, {}, base.arguments):
            if fault.name is not None:
                self._notes.add(("default_arguments", fault.name), fault.message, fault.hint)
        for name in defaults:
            own = self._is_own(("default_arguments", name))
            if own and "*" not in taken and name not in base.arguments and name not in taken:
                message = f"no operator here takes the argument `{name}`"
                self._notes.add(
                    ("default_arguments", name), message, nearest(name, {*base.arguments, *taken})
                )

    def _own_operators(self, by_operator: Mapping[str, Mapping[str, Any]], used: set[str]) -> None:
        own = {name: each for name, each in by_operator.items() if self._is_own(("operators", name))}
        for operator, fault in faults_of_defaults(self._operators, own, used):
            inner = () if fault.name is None else (fault.name,)
            self._notes.add(("operators", operator, *inner), fault.message, fault.hint)

    def _is_own(self, path: Path) -> bool:
        return self._notes.document.depth(path) == len(path)

    def _notifiers(self, model: PipelineModel) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for number, each in enumerate(model.on_failure):
            path: Path = ("on_failure", number)
            try:
                known = self._operators.arguments_of(each.notifier)
            except SpecError as error:
                self._notes.add((*path, "notifier"), error.message, error.hint)
                continue
            for fault in faults(known, each.arguments, {}, {}) if known else ():
                inner = () if fault.name is None else ("arguments", fault.name)
                self._notes.add((*path, *inner), fault.message, fault.hint)
            yield each.notifier, self._converted(each.arguments, each.notifier, (*path, "arguments"))

    def _converted(self, given: Mapping[str, Any], owner: str, path: Path) -> dict[str, Any]:
        known = self._operators.arguments_of(owner)
        arguments = {} if known is None else known.arguments
        try:
            found = {
                name: converted(value, arguments.get(name), (*path, name)) for name, value in given.items()
            }
        except ValueFaultError as error:
            self._notes.add(*error.problem)
            return {}
        for name, value in found.items():
            if next(outputs_in([value]), None) is not None:
                message = "`$output` is what a step returned, and only arguments of steps can be that"
                self._notes.add((*path, name), message)
        return found


__all__ = ["NAME", "Reader", "Reading", "is_pipeline", "name_of"]
