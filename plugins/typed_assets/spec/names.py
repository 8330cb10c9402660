"""Names of assets, and names that are made of them."""

import re

from typed_assets.spec.errors import SpecError

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
MAX_LENGTH = 200
WRITE = "write"
"""The id of a step's task that makes its assets, within the step."""


def asset_name(name: str) -> str:
    """Return a name that is good for an asset: lower-case words with `_`, parted by dots.

    Raises:
        SpecError: it is not, or it is longer than 200 characters.
    """
    if not _NAME.fullmatch(name) or len(name) > MAX_LENGTH:
        message = f"`{name}` cannot be the name of an asset"
        raise SpecError(message, hint="use lower-case letters, digits and `_`, with dots between the parts")
    return name


def task_id(name: str) -> str:
    """Return the task id that belongs to an asset: dots would read as a task group."""
    return name.replace(".", "__")


def check_task_id(asset: str, *, alone: bool) -> str:
    """Return the id, within its step, of the task that checks an asset.

    Args:
        asset: its name.
        alone: whether the step makes no other.
    """
    return "check" if alone else f"check_{task_id(asset)}"
