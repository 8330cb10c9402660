"""The steps of a pipeline: loops put out, keys checked, operators asked for their arguments."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from re import compile as pattern
from typing import Any

from pydantic import BaseModel, ValidationError

from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import Place, SpecError, nearest
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Step
from typed_assets.yaml.conversion import ConversionError, asset_step
from typed_assets.yaml.defaults import BASE_OPERATOR
from typed_assets.yaml.documents import Path
from typed_assets.yaml.expansion import expansion_faults
from typed_assets.yaml.graph import cycle, upstream
from typed_assets.yaml.loops import LoopError, Variables, combinations, filled
from typed_assets.yaml.models import AssetStepModel, OperatorStepModel
from typed_assets.yaml.notes import Notes
from typed_assets.yaml.operator_arguments import OperatorArguments, Operators, faults
from typed_assets.yaml.problems import problems, shown
from typed_assets.yaml.values import ValueFaultError, converted

_ID = pattern(r"[A-Za-z0-9_-]{1,250}")
_OUTPUT = "$output"
_KEYS = sorted({*OperatorStepModel.model_fields, *AssetStepModel.model_fields})


class Steps:
    """Makes steps of what stands under `steps`.

    Args:
        notes: takes mistakes.
        operators: knows operators.
        defaults: the pipeline's default arguments.
        by_operator: the pipeline's arguments for each operator.
    """

    def __init__(
        self,
        notes: Notes,
        operators: Operators,
        defaults: Mapping[str, Any],
        by_operator: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._notes = notes
        self._operators = operators
        self._defaults = defaults
        self._by_operator = by_operator
        self.taken: set[str] = set()
        """Names of arguments that some operator of the pipeline takes; `*` where one is not known."""
        self.connected = False
        """Whether steps wait for others for what they make, beside what `after` says."""
        self.operators: set[str] = set()
        """Those that steps have."""
        self._places = notes.document.item_places("steps")

    def read(self, items: Sequence[Any], variables: Variables, *, fill: bool) -> tuple[Step, ...]:
        """Return the steps; mistakes go to the notes.

        Args:
            items: what stands under `steps`.
            variables: of the matrix.
            fill: whether there may be holes.
        """
        found: dict[str, tuple[Step, Path]] = {}
        for number, item in enumerate(items):
            path: Path = ("steps", number)
            for step in self._of_item(item, path, variables, fill=fill):
                if not _ID.fullmatch(step.id):
                    self._notes.add(
                        (*path, "id"), f"`{step.id}` cannot be an id", "use letters, digits, `_` and `-`"
                    )
                elif step.id in found:
                    hint = "put a variable of the loop into it" if found[step.id][1] == path else None
                    self._notes.add((*path, "id"), f"two steps have the id `{step.id}`", hint)
                else:
                    found[step.id] = (step, path)
        return self._in_order(found)

    def _of_item(self, item: Any, path: Path, variables: Variables, *, fill: bool) -> Iterator[Step]:  # noqa: ANN401
        if not isinstance(item, dict):
            self._notes.add(path, f"a step must be a mapping, not {shown(item)}")
            return
        try:
            if "for_each" in item:
                lists = filled(item["for_each"], variables, (*path, "for_each"))
                body = {key: value for key, value in item.items() if key != "for_each"}
                for each in combinations(lists, (*path, "for_each")):
                    yield from self._step(filled(body, {**variables, **each}, path), path)
            else:
                yield from self._step(filled(item, variables, path) if fill else item, path)
        except LoopError as error:
            self._notes.add(*error.problem)

    def _step(self, item: Mapping[str, Any], path: Path) -> Iterator[Step]:
        step: Step | None = None
        if "operator" in item:
            operator = validated(OperatorStepModel, item, path, self._notes)
            step = None if operator is None else self._operator_step(operator, path)
        elif item.keys() & {"asset", "assets", "make"}:
            made = validated(AssetStepModel, item, path, self._notes)
            step = None if made is None else self._asset_step(made, path)
        else:
            self._notes_on_kind(item, path)
        if step is not None:
            yield step

    def _notes_on_kind(self, item: Mapping[str, Any], path: Path) -> None:
        unknown = [key for key in item if key not in _KEYS]
        for key in unknown:
            self._notes.add((*path, key), f"there is no key `{key}` here", nearest(key, _KEYS))
        if not unknown:
            self._notes.add(path, "a step has an `operator`, or an `asset` and what makes it (`make`)")

    def _asset_step(self, model: AssetStepModel, path: Path) -> AssetStep | None:
        try:
            step = asset_step(model)
            make = self._notes.named(model.make, (*path, "make"))
            made = tuple(self._with_files(each, each_path) for each, each_path in _made(step, model, path))
            self.connected = True
            return replace(step, assets=made, make=make, place=self._place(path))
        except SpecError as error:
            self._notes.put(error)
            return None
        except ConversionError as error:
            self._notes.add((*path, *error.path), error.error.message, error.error.hint, word=error.word)
            return None

    def _with_files(self, asset: Asset, path: Path) -> Asset:
        """Return an asset whose checks name their SQL files as `make` does."""
        if not asset.checks:
            return asset
        checks = (
            replace(check, run=self._notes.named(check.run, (*path, "checks", number, "run")))
            for number, check in enumerate(asset.checks)
        )
        return replace(asset, checks=tuple(checks))

    def _operator_step(self, model: OperatorStepModel, path: Path) -> OperatorStep | None:
        usual = self._by_operator.get(model.operator, {})
        given = {name: each for name, each in usual.items() if name not in model.expand} | model.arguments
        try:
            known = self._operators.arguments_of(model.operator)
        except SpecError as error:
            self._notes.add((*path, "operator"), error.message, error.hint)
            return None
        if model.operator not in self.operators:
            self.operators.add(model.operator)
            self.taken |= {"*"} if known is None or known.open else known.arguments.keys()
        if known is not None:
            for fault in faults(known, given, model.expand, self._defaults, self._of_base()):
                self._notes.add(self._place_of(fault.name, model, path), fault.message, fault.hint)
        for fault in expansion_faults(model.expand, given) if model.expand else ():
            self._notes.add((*path, "expand", fault.name or ""), fault.message, fault.hint)
        try:
            arguments = self._converted(known, given, (*path, "arguments"))
            expand = {
                name: converted(each, None, (*path, "expand", name)) for name, each in model.expand.items()
            }
            return OperatorStep(
                id=model.id,
                operator=model.operator,
                arguments=arguments,
                expand=expand,
                after=tuple(model.after),
                place=self._place(path),
            )
        except ValueFaultError as error:
            self._notes.add(*error.problem)
            return None

    def _of_base(self) -> Container[str]:
        """Return the arguments of every operator: no class of Airflow has them among its template fields."""
        base = self._operators.arguments_of(BASE_OPERATOR)
        return () if base is None else base.arguments

    def _converted(
        self, known: OperatorArguments | None, given: Mapping[str, Any], path: Path
    ) -> dict[str, Any]:
        arguments = {} if known is None else known.arguments
        found = {name: converted(each, arguments.get(name), (*path, name)) for name, each in given.items()}
        self.connected = self.connected or any(
            _OUTPUT in str(each) for each in given.values() if isinstance(each, (dict, list))
        )
        return found

    def _place(self, path: Path) -> Place | None:
        number = path[1]
        known = isinstance(number, int) and number < len(self._places)
        return self._places[number] if known and isinstance(number, int) else self._notes.place(path)

    def _place_of(self, name: str | None, model: OperatorStepModel, path: Path) -> Path:
        if name is None:
            return path
        if name not in model.arguments and name not in model.expand:
            return ("operators", model.operator, name)
        return (*path, "arguments" if name in model.arguments else "expand", name)

    def _in_order(self, found: Mapping[str, tuple[Step, Path]]) -> tuple[Step, ...]:
        steps: list[Step] = []
        for step, path in found.values():
            if not step.after:
                steps.append(step)
                continue
            after, wrong = upstream(step.id, step.after, found)
            for number, message, hint in wrong:
                self._notes.add((*path, "after", number), message, hint)
            steps.append(replace(step, after=after) if after != step.after else step)
        circle = cycle({step.id: step.after for step in steps})
        if circle:
            shown_circle = " → ".join(f"`{each}`" for each in circle)
            path = (*found[circle[0]][1], "after")
            self._notes.add(
                path, f"these steps wait for one another: {shown_circle}", "take one of them out of `after`"
            )
        return tuple(steps)


def _made(step: AssetStep, model: AssetStepModel, path: Path) -> Iterator[tuple[Asset, Path]]:
    """Yield the assets of a step with where they stand."""
    for number, asset in enumerate(step.assets):
        yield asset, (*path, "asset") if model.asset else (*path, "assets", number)


def validated[Model: BaseModel](
    model: type[Model], item: Mapping[str, Any], path: Path, notes: Notes
) -> Model | None:
    """Return the model that a mapping is; mistakes go to the notes, and then there is none."""
    try:
        return model.model_validate(item)
    except ValidationError as error:
        for inner, message, hint in problems(error, model):
            notes.add((*path, *inner), message, hint)
        return None
