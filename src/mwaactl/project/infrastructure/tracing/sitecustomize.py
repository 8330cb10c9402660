"""Writes down where a CDK app makes each construct; Python imports a module of this name first.

The CDK runs in Node, whose stack traces end where Python begins. This follows the Python side: when the
constructor of a construct returns, its path is known, and the stack below it says which line asked for it. It
runs in whichever Python the app has, so that it uses nothing but the standard library.
"""

import atexit
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

_TARGET = os.environ.get("MWAACTL_ORIGINS")
_ROOT = os.environ.get("MWAACTL_ORIGINS_ROOT", "") + os.sep
_FOREIGN = (f"{os.sep}site-packages{os.sep}", f"{os.sep}.venv{os.sep}")
_origins: dict[str, tuple[str, int]] = {}


def _first_argument(frame: FrameType) -> Any:  # noqa: ANN401 - whatever the app makes
    if not frame.f_code.co_argcount:
        return None
    return frame.f_locals.get(frame.f_code.co_varnames[0])


def _place(frame: FrameType | None, made: object) -> tuple[str, int] | None:
    """The innermost line of the project that is not part of the construct's own making."""
    while frame is not None:
        name = frame.f_code.co_filename
        own = name.startswith(_ROOT) and not any(part in name for part in _FOREIGN)
        if own and _first_argument(frame) is not made:
            return name[len(_ROOT) :], frame.f_lineno
        frame = frame.f_back
    return None


def _profile(frame: FrameType, event: str, _argument: Any) -> None:  # noqa: ANN401 - as sys has it
    if event != "return" or frame.f_code.co_name != "__init__":
        return
    kind = getattr(sys.modules.get("constructs"), "Construct", None)
    made: Any = _first_argument(frame)
    is_construct = kind is not None and isinstance(made, kind)
    if not is_construct:
        return
    with suppress(Exception):  # a constructor that failed left nothing to ask
        path = made.node.path
        if path not in _origins and (place := _place(frame.f_back, made)):
            _origins[path] = place


def _write(target: str) -> None:
    sys.setprofile(None)
    with Path(target).open("w", encoding="utf-8") as file:
        json.dump(_origins, file)


if _TARGET:
    atexit.register(_write, _TARGET)
    sys.setprofile(_profile)
