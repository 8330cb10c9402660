"""Numbers that options take."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, override

import click

if TYPE_CHECKING:
    from click import Context, Parameter


class Number(click.FloatRange):
    """A number within bounds; `nan` lies within all, and nothing can be done with it."""

    @override
    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail("it is not a number", param, ctx)
        return number
