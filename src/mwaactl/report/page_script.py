"""Joins the modules of the page to one script: a browser reads no modules from files on a disk."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(\./[\w./]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function (\w+)|(?:const|class) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def joined_modules(modules: Mapping[str, str], main: str) -> str:
    """Return one script that does what the module `main` does.

    Each module becomes a function that is called once and gives what it exports, in the order in which they
    need each other.

    Args:
        modules: Text of each module, by its path.
        main: Path of the module that is run.

    Raises:
        ValueError: Modules need each other in a circle, or are written in a form that is not joined.
    """
    found: dict[str, str] = {}
    _join(modules, main, found, ())
    return "".join(found.values())


def _join(modules: Mapping[str, str], path: str, found: dict[str, str], above: tuple[str, ...]) -> None:
    if path in above:
        message = f"modules need each other: {' -> '.join([*above, path])}"
        raise ValueError(message)
    if path in found:
        return
    text = modules[path]
    for _, needed in _IMPORT.findall(text):
        _join(modules, _resolved(path, needed), found, (*above, path))
    found[path] = _wrapped(path, text)


def _wrapped(path: str, text: str) -> str:
    exported = [function or other for function, other in _EXPORT.findall(text)]
    body = _IMPORT.sub(lambda each: f"const {{ {each[1]} }} = {_name(_resolved(path, each[2]))};", text)
    body = _EXPORT.sub("", body)
    if left := _LEFT.search(body):
        message = f"{path}: `{left[0]}` cannot be joined"
        raise ValueError(message)
    given = f"return {{ {', '.join(exported)} }};\n" if exported else ""
    return f"const {_name(path)} = (() => {{\n{body}{given}}})();\n"


def _resolved(path: str, needed: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), needed))


def _name(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
