"""The facts of a Python file as JSON, and back."""

from __future__ import annotations

from typing import Any

from mwaactl.project.needs import Failure, Kind, Moment, Need
from mwaactl.project.source_facts import SourceFacts
from mwaactl.project.top_level import Names

type Json = list[Any]


def facts_as_json(facts: SourceFacts) -> Json:
    """Returns facts as lists of what JSON has; pure."""
    names = facts.names
    kept = [names.sure, names.perhaps, names.dynamic, names.exports, names.origins]
    return [facts.parsed, facts.defines_dag, kept, [_need_as_json(each) for each in facts.needs]]


def facts_from_json(data: Json) -> SourceFacts:
    """Returns the facts again.

    Raises:
        TypeError, ValueError: They are none.
    """
    parsed, defines_dag, (sure, perhaps, dynamic, exports, origins), needs = data
    names = Names(
        sure=tuple(sure),
        perhaps=tuple(perhaps),
        dynamic=dynamic,
        exports=None if exports is None else tuple(exports),
        origins=tuple((name, origin) for name, origin in origins),
    )
    return SourceFacts(parsed, defines_dag, names, tuple(map(_need_from_json, needs)))


def _need_as_json(need: Need) -> Json:
    instead = [_need_as_json(each) for each in need.instead]
    return [need.module, need.name, need.kind.value, need.moment.value, need.handled.value, instead]


def _need_from_json(data: Json) -> Need:
    module, name, kind, moment, handled, instead = data
    others = tuple(map(_need_from_json, instead))
    return Need(module, name, Kind(kind), Moment(moment), Failure(handled), others)
