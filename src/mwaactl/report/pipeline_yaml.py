"""Values as YAML that pipelines' files may hold.

PyYAML writes YAML 1.1, in which `1e3` and `0o17` are text. Pipelines are read as YAML 1.2: there they are
numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from typed_assets.yaml.scalars import UnclearScalarError, plain

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Dumper(yaml.SafeDumper):
    """Quotes what one of the two versions would not read as text."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if _is_text(text) else "'")


def _is_text(text: str) -> bool:
    try:
        return isinstance(plain(text), str)
    except UnclearScalarError:
        return False


_Dumper.add_representer(str, _text)


def pipeline_yaml(value: Mapping[str, Any]) -> str:
    """Return a mapping as YAML; what reads pipelines finds the same in it."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text
