"""Reads the data files beside it; the only module that knows where they are."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from.

    Attributes:
        where: Pages, service models or commits that state them.
        stated: Date of what was read, as far as it is known.
        read: Day on which it was read.
    """

    where: tuple[str, ...]
    stated: date
    read: date


@cache
def read_table(name: str) -> dict[str, Any]:
    """Parses one data file; callers turn it into frozen values and keep nothing of it.

    Args:
        name: Path below data/ without suffix, for example `pins/3.3.1`.
    """
    text = files("mwaactl.catalog").joinpath("data", *f"{name}.toml".split("/")).read_text(encoding="utf-8")
    return tomllib.loads(text)


def source_of(name: str) -> Source:
    """Says where the facts of one data file come from."""
    stated = read_table(name)["source"]
    return Source(where=tuple(stated["where"]), stated=stated["stated"], read=stated["read"])
