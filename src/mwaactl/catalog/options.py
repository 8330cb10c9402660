"""Airflow configuration options that MWAA refuses or overwrites, and those that need care."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from mwaactl.catalog.tables import read_table
from mwaactl.catalog.versions import version_key

type OptionRule = Literal["blocked", "forced", "secret", "json"]


@dataclass(frozen=True, slots=True)
class RestrictedOption:
    """One option and what is special about it.

    Attributes:
        option: `section.option`.
        rule: `blocked`: MWAA refuses it; `forced`: MWAA overwrites it; `secret`: its value is a secret;
            `json`: its value must be JSON.
        since: First Airflow version that this is about.
        before: First Airflow version that this is no longer about; None for no end.
    """

    option: str
    rule: OptionRule
    since: str
    before: str | None

    def applies_to(self, airflow_version: str) -> bool:
        """Says whether the row is about this Airflow version."""
        version = version_key(airflow_version)
        return version_key(self.since) <= version and (
            self.before is None or version < version_key(self.before)
        )


@cache
def restricted_options() -> tuple[RestrictedOption, ...]:
    """All rows of the table, in its order."""
    table = read_table("options")
    rules: tuple[OptionRule, ...] = get_args(OptionRule.__value__)
    return tuple(
        RestrictedOption(row["option"], rule, row.get("since", "2.0"), row.get("before"))
        for rule in rules
        for row in table[rule]
    )


def option_rule(option: str, airflow_version: str) -> OptionRule | None:
    """Says what is special about an option in one Airflow version, or None."""
    for row in restricted_options():
        if row.option == option and row.applies_to(airflow_version):
            return row.rule
    return None
