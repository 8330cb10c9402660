"""`_defaults.yaml`: what all pipelines of a folder, and of those below it, have in common."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

NAME = "_defaults.yaml"
BASE_OPERATOR = "airflow.sdk.BaseOperator"
"""Whose arguments `default_arguments` may be."""
_MERGED = ("arguments", "default_arguments")
_MERGED_TWICE = "operators"


def files_above(file: str, root: str) -> tuple[str, ...]:
    """Return the paths at which defaults for a file may stand, the outermost first.

    Args:
        file: a pipeline's file.
        root: the folder of all pipelines, from which on defaults count.
    """
    return _in_folders(file.rpartition("/")[0], root)


@lru_cache(maxsize=1_000)
def _in_folders(folder: str, root: str) -> tuple[str, ...]:
    path = PurePosixPath(folder)
    folders = [each for each in (path, *path.parents) if each.is_relative_to(root)]
    return tuple(f"{each}/{NAME}".removeprefix("./") for each in reversed(folders))


def merged(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of all layers, each over those before it; arguments are merged name by name."""
    found: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            before = found.get(key)
            if not isinstance(before, dict) or not isinstance(value, dict):
                found[key] = value
            elif key in _MERGED:
                found[key] = before | value
            elif key == _MERGED_TWICE:
                found[key] = before | {name: _over(before.get(name), each) for name, each in value.items()}
            else:
                found[key] = value
    return found


def _over(before: Any, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return before | value if isinstance(before, dict) and isinstance(value, dict) else value
