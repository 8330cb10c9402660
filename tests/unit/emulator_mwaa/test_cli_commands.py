"""Which of Airflow's commands MWAA runs."""

from __future__ import annotations

import pytest

from mwaactl.emulator.mwaa.frontdoor.cli_commands import is_supported


@pytest.mark.parametrize(
    ("command", "majors"),
    [
        ("dags list -o json", {2, 3}),
        ("version", {2, 3}),
        ("variables set a b", {2, 3}),
        ("dags backfill x", {2}),
        ("tasks run a b c", {2}),
        ("assets list", {3}),
        ("backfill create", {3}),
        ("dags", set()),
        ("variables import f", set()),
        ("connections list", set()),
        ("users list", set()),
        ("config list", set()),
        ("", set()),
    ],
)
def test_command_is_supported_by(command: str, majors: set[int]) -> None:
    assert {major for major in (2, 3) if is_supported(command.split(), major)} == majors
