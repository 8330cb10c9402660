"""Operators of MWAA's image and what arguments they take, so that pipelines are checked without Airflow.

`scripts/read_operators.py` writes the data from the operators' own signatures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from typed_assets.yaml.operator_arguments import Argument, OperatorArguments, no_operator

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROVIDERS = "airflow.providers."
_PROVIDER_PARTS = 3


@dataclass(frozen=True, slots=True)
class DescribedArgument:
    """An argument with what its operator's documentation says of it."""

    argument: Argument
    description: str


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as its class declares it.

    Attributes:
        name: `module.Class`.
        description: one sentence.
        own: arguments of its own `__init__`.
        bases: the classes that take the others, in the order in which they are asked.
        public: False for a base that is only there for others.
        open: whether it takes arguments of any name.
    """

    name: str
    description: str
    own: Mapping[str, DescribedArgument]
    bases: tuple[str, ...]
    public: bool
    open: bool


@cache
def operators(airflow_version: str) -> Mapping[str, Operator]:
    """All operators of an image by name, with the bases that they share, `DAG` and `BaseOperator`."""
    text = files("mwaactl.catalog").joinpath("data", "operators.jsonl").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        name, variants = json.loads(line)
        for versions, entry in variants:
            if airflow_version in versions:
                found[name] = _operator(name, entry)
    return found


def _operator(name: str, entry: Mapping[str, Any]) -> Operator:
    return Operator(
        name=name,
        description=entry.get("doc", ""),
        own={key: _argument(*each) for key, each in entry["args"].items()},
        bases=tuple(entry.get("bases", ())),
        public="hidden" not in entry,
        open="open" in entry,
    )


def _argument(kinds: str, required: int, text: str, choices: tuple[Any, ...] = ()) -> DescribedArgument:
    known = frozenset(kinds.split("|")) if kinds else frozenset[str]()
    return DescribedArgument(Argument(known, bool(required), tuple(choices)), text)


def described_arguments(name: str, airflow_version: str) -> Mapping[str, DescribedArgument]:
    """Return an operator's arguments, its own first; only its own may be required, as in `signatures`."""
    known = operators(airflow_version)
    found: dict[str, DescribedArgument] = {}
    for each in (name, *known[name].bases):
        own = known[each].own
        optional = {
            key: replace(one, argument=replace(one.argument, required=False)) for key, one in own.items()
        }
        found = {**(optional if found else own), **found}
    return found


class CatalogueOperators:
    """Knows the operators of an image; those of other packages and of the project cannot be known.

    Args:
        airflow_version: A supported version, for example `3.3.1`; of Airflow 2 no operator is known.
    """

    def __init__(self, airflow_version: str) -> None:
        self._version = airflow_version
        self._known = operators(airflow_version)
        self._packages = {name.split(".")[2] for name in self._known if name.startswith(_PROVIDERS)}
        self._read: dict[str, OperatorArguments] = {}

    def arguments_of(self, operator: str) -> OperatorArguments | None:
        """Return an operator's arguments, or None where it is none of the image's.

        Raises:
            SpecError: It would have to be in the image and is not.
        """
        if operator in self._known:
            if operator not in self._read:
                self._read[operator] = self._arguments(operator)
            return self._read[operator]
        module, _, name = operator.rpartition(".")
        parts = module.split(".")
        ours = module.startswith(_PROVIDERS) and len(parts) > _PROVIDER_PARTS and parts[2] in self._packages
        if module and not (ours and {"operators", "sensors", "transfers"} & set(parts)):
            return None
        raise no_operator(operator, self._classes(module) if name else (), self._modules(module))

    def _arguments(self, operator: str) -> OperatorArguments:
        found = described_arguments(operator, self._version)
        arguments = {name: each.argument for name, each in found.items()}
        return OperatorArguments(operator, arguments, open=self._known[operator].open)

    def _classes(self, module: str) -> list[str]:
        places = (name.rpartition(".") for name, each in self._known.items() if each.public)
        return [name for place, _, name in places if place == module]

    def _modules(self, module: str) -> list[str]:
        package = module.rpartition(".")[0]
        places = {name.rpartition(".")[0] for name in self._known}
        return sorted(place for place in places if place.rpartition(".")[0] == package)
