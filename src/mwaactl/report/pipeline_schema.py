"""The JSON Schema of a pipeline's file, with the operators of one Airflow version, for completion in editors.

What the schema cannot say, such as a step that comes after one that is not there, `mwaactl check` finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.catalog.operator_arguments import described_arguments, operators
from typed_assets.yaml.defaults import BASE_OPERATOR
from typed_assets.yaml.models import (
    DURATION_SCHEMA,
    LINK,
    AssetStepModel,
    DefaultsModel,
    OperatorStepModel,
    PipelineModel,
    UpstreamModel,
)
from typed_assets.yaml.operator_arguments import ANY, CALLABLE, DURATION, TIME
from typed_assets.yaml.reading import DAG
from typed_assets.yaml.schedules import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.catalog.operator_arguments import DescribedArgument
    from typed_assets.yaml.operator_arguments import Argument

type Schema = dict[str, Any]

_FORMS: Mapping[str, Schema] = {
    DURATION: dict(DURATION_SCHEMA),
    TIME: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}"},
    CALLABLE: {"type": "string", "pattern": r"^[\w.]+:[\w.]+$"},
}
_OTHERS: tuple[Schema, ...] = ({"$ref": "#/$defs/Template"}, {"$ref": "#/$defs/Marked"})
_MARKS = ("$ref", "$import", "$duration", "$time", "$output")
_TOP = {
    "dag_id",
    "schedule",
    "start_date",
    "description",
    "doc_md",
    "tags",
    "default_args",
    "on_failure_callback",
}


def pipeline_schema(airflow_version: str, *, defaults: bool = False) -> Schema:
    """Return the schema of a pipeline's file, or of `_defaults.yaml`.

    Args:
        airflow_version: Whose operators are offered; 3.0.6 or later.
        defaults: Whether it is for `_defaults.yaml`.
    """
    model = DefaultsModel if defaults else PipelineModel
    schema = model.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    definitions |= _values() | {"Schedule": dict(SCHEMA), "UpstreamModel": UpstreamModel.model_json_schema()}
    definitions["BaseOperator"] = _arguments(described_arguments(BASE_OPERATOR, airflow_version))
    names = [name for name, each in operators(airflow_version).items() if each.public]
    definitions["operators"] = {name: _of_operator(name, airflow_version) for name in names}
    properties = schema["properties"]
    dag = {k: v for k, v in described_arguments(DAG, airflow_version).items() if k not in _TOP}
    properties["arguments"] = _arguments(dag)
    # Arguments that only some operators take may stand there too.
    properties["default_arguments"] = {**definitions["BaseOperator"], "additionalProperties": True}
    properties["operators"]["properties"] = {name: {"$ref": f"#/$defs/operators/{name}"} for name in names}
    if not defaults:
        _add_steps(schema, names)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": _title(model)}
    return dict(_linked(whole))


def _linked(value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(value, list):
        return [_linked(each) for each in value]
    if not isinstance(value, dict):
        return value
    rest = {key: _linked(each) for key, each in value.items() if key != LINK}
    return {**rest, "$ref": f"#/$defs/{value[LINK]}"} if LINK in value else rest


def _title(model: type[DefaultsModel]) -> str:
    return "Defaults of pipelines" if model is DefaultsModel else "Pipeline"


def _values() -> dict[str, Schema]:
    marks = {mark: {"type": "string"} for mark in _MARKS}
    marked = {"type": "object", "properties": marks, "additionalProperties": False}
    return {
        "Template": {"type": "string", "pattern": r"\{\{|\{%"},
        "Marked": {**marked, "minProperties": 1, "maxProperties": 1},
    }


def _add_steps(schema: Schema, names: list[str]) -> None:
    definitions = schema["$defs"]
    for name, model in (("OperatorStep", OperatorStepModel), ("AssetStep", AssetStepModel)):
        made = model.model_json_schema()
        definitions |= made.pop("$defs", {})
        definitions[name] = made
    step = definitions["OperatorStep"]
    own = {"type": "string", "pattern": r"^(?!airflow\.providers\.)[\w]+(\.[\w]+)+$"}
    step["properties"]["operator"] = {**step["properties"]["operator"], "anyOf": [{"enum": names}, own]}
    step["properties"]["operator"].pop("type", None)
    step["allOf"] = [_when(name) for name in names]
    kind = {"if": {"required": ["operator"]}, "then": {"$ref": "#/$defs/OperatorStep"}}
    definitions["Step"] = {"type": "object", **kind, "else": {"$ref": "#/$defs/AssetStep"}}
    several = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Step"}}
    schema["properties"]["steps"] = {**several, "description": "in any order"}


def _when(name: str) -> Schema:
    condition = {"properties": {"operator": {"const": name}}, "required": ["operator"]}
    return {"if": condition, "then": {"properties": {"arguments": {"$ref": f"#/$defs/operators/{name}"}}}}


def _of_operator(name: str, airflow_version: str) -> Schema:
    base = described_arguments(BASE_OPERATOR, airflow_version)
    found = described_arguments(name, airflow_version)
    own = {key: each for key, each in found.items() if key not in base or key in _own(name, airflow_version)}
    shared = {key: {"$ref": f"#/$defs/BaseOperator/properties/{key}"} for key in found if key not in own}
    schema = _arguments(own)
    schema["properties"] |= shared
    text = operators(airflow_version)[name].description
    return {"description": text, **schema} if text else schema


def _own(name: str, airflow_version: str) -> Mapping[str, DescribedArgument]:
    return operators(airflow_version)[name].own


def _arguments(found: Mapping[str, DescribedArgument]) -> Schema:
    properties = {name: _argument(each) for name, each in found.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _argument(each: DescribedArgument) -> Schema:
    text = {"description": each.description} if each.description else {}
    return {**text, **_of_kinds(each.argument)}


def _of_kinds(argument: Argument) -> Schema:
    if ANY in argument.kinds or not (argument.kinds or argument.choices):
        return {}
    plain = sorted(kind for kind in argument.kinds if kind not in _FORMS)
    forms: list[Schema] = [{"enum": [*argument.choices]}] if argument.choices else []
    forms += [{"type": plain[0] if len(plain) == 1 else plain}] if plain else []
    forms += [_FORMS[kind] for kind in sorted(argument.kinds) if kind in _FORMS]
    return {"anyOf": [*forms, *_OTHERS]}
