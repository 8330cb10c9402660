"""The reference page of pipelines' files: every key, from the models that read them.

`python -m mwaactl.report.pipeline_page FILE` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from typed_assets.yaml import models
from typed_assets.yaml.durations import duration_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD = """\
# Keys of pipelines in YAML

What stands in the files that `load_pipelines` reads. The guide is
[Pipelines in YAML](../guides/yaml-pipelines.md); `mwaactl pipeline schema` prints the same as JSON Schema,
with the operators of an Airflow version. Keys that are not listed here are mistakes. A key without a default
has to be there.
"""
_SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("A pipeline", models.PipelineModel),
    ("`_defaults.yaml`", models.DefaultsModel),
    ("A step with an operator", models.OperatorStepModel),
    ("A step that makes assets", models.AssetStepModel),
    ("`retries`", models.RetriesModel),
    ("An asset", models.AssetModel),
    ("`contract`", models.ContractModel),
    ("A column", models.ColumnModel),
    ("`rows`", models.RowsModel),
    ("`fresh`", models.FreshModel),
    ("A rule", models.RuleModel),
    ("`partitions`", models.PartitionsModel),
    ("`hourly` and `daily`", models.SpanModel),
    ("An upstream asset", models.UpstreamModel),
    ("A check", models.CheckModel),
    ("`freshness`", models.FreshnessModel),
    ("`quarantine`", models.QuarantineModel),
    ("A watcher", models.WatcherModel),
    ("A notifier", models.NotifierModel),
)
_WORDS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "object": "mapping",
    "null": "null",
}


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(_section(title, model) for title, model in _SECTIONS)])


def _section(title: str, model: type[BaseModel]) -> str:
    schema = model.model_json_schema()
    schema = schema if "properties" in schema else schema["$defs"][model.__name__]  # it names itself
    rows = list(_rows(model, schema))
    lines = [
        f"## {title}",
        "",
        *_about(model),
        "| key | value | default | meaning |",
        "|---|---|---|---|",
        *rows,
    ]
    return "\n".join([*lines, ""])


def _about(model: type[BaseModel]) -> Sequence[str]:
    text = " ".join((model.__doc__ or "").split())
    return [text, ""] if text else []


def _rows(model: type[BaseModel], schema: dict[str, Any]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        shape = schema["properties"][field.alias or name]
        default = "" if field.is_required() else _default(field.get_default(call_default_factory=True))
        yield f"| `{field.alias or name}` | {_shape(shape)} | {default} | {field.description} |"


def _default(value: Any) -> str:  # noqa: ANN401 - any value of a model
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if hasattr(value, "total_seconds"):
        return f"`{duration_text(value)}`"
    return "see there" if isinstance(value, BaseModel) else f"`{value}`"


def _shape(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return ", ".join(f"`{each}`" for each in shape["enum"])
    if "anyOf" in shape:
        words = [_shape(each) for each in shape["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    if shape.get("type") == "array":
        return f"list of {_shape(shape.get('items', {}))}"
    return _simple(shape)


def _simple(shape: dict[str, Any]) -> str:
    if models.LINK in shape:
        return {"Schedule": "a schedule", "UpstreamModel": "mapping"}[shape[models.LINK]]
    if shape.get("pattern") == models.DURATION_SCHEMA["pattern"]:
        return "a duration"
    kind = (
        "a day" if shape.get("format") == "date" else shape.get("type", "object" if "$ref" in shape else "")
    )
    return "text, number, true or false" if isinstance(kind, list) else _WORDS.get(kind, kind or "any value")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
