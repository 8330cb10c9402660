"""Airflow configuration options that MWAA refuses or overwrites, and those that need care."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from mwaactl.catalog.tables import read_table
from mwaactl.catalog.versions import version_key

type OptionRule = Literal["blocked", "forced", "fixed", "secret", "json"]
type OptionKind = Literal[OptionRule, "sensitive"]

# Why a value of a `fixed` option is wrong, whatever it is.
LEADS_AWAY = "would have Airflow find nothing: Amazon MWAA fills only the folder of Airflow's default"


@dataclass(frozen=True, slots=True)
class RestrictedOption:
    """One option and what is special about it.

    Attributes:
        option: `section.option`.
        rule: `blocked`: MWAA refuses it; `forced`: MWAA overwrites it; `fixed`: MWAA relies on its default;
            `secret`: its value is a secret; `json`: its value must be JSON; `sensitive`: Airflow calls it so.
        since: First Airflow version that this is about.
        before: First Airflow version that this is no longer about; None for no end.
    """

    option: str
    rule: OptionKind
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
    """Options that have a rule, in the table's order."""
    rules: tuple[OptionRule, ...] = get_args(OptionRule.__value__)
    return tuple(row for rule in rules for row in _rows(rule))


@cache
def sensitive_options() -> tuple[RestrictedOption, ...]:
    """Options that Airflow itself calls sensitive; some of them have a rule besides."""
    return _rows("sensitive")


def option_rule(option: str, airflow_version: str) -> OptionRule | None:
    """Says what is special about an option in one Airflow version, or None."""
    for row in restricted_options():
        if row.option == option and row.rule != "sensitive" and row.applies_to(airflow_version):
            return row.rule
    return None


def is_sensitive(option: str, airflow_version: str) -> bool:
    """Says whether Airflow takes the option's value from `<option>_secret` and `<option>_cmd` too."""
    return any(row.option == option and row.applies_to(airflow_version) for row in sensitive_options())


def _rows(kind: OptionKind) -> tuple[RestrictedOption, ...]:
    return tuple(
        RestrictedOption(row["option"], kind, row.get("since", "2.0"), row.get("before"))
        for row in read_table("options")[kind]
    )
