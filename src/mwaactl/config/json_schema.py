"""Generates the JSON Schema of mwaactl.toml, for editors.

Write it with `python -m mwaactl.config.json_schema docs/reference/mwaactl.schema.json`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from mwaactl.config.schema import ProjectFile


def schema_text() -> str:
    """Returns the schema as the file in docs/reference/ has to hold it."""
    generated = _without_null(ProjectFile.model_json_schema())
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated, "title": "mwaactl.toml"}
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _without_null(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Leaves out the choice of null, which TOML cannot write, and the defaults, which `resolve` knows."""
    if isinstance(node, list):
        return [_without_null(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(value) for key, value in node.items() if key != "default"}
    choices = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return {**choices[0], **kept}
    return kept


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
