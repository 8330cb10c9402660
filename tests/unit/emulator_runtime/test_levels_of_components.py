"""A component writes lines of DEBUG where one of its log groups wants them."""

import pytest

from mwaactl.emulator.runtime.components import components
from mwaactl.emulator.runtime.logging_level import logging_variables

DEBUG = {"AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG"}


@pytest.mark.parametrize(
    ("levels", "debugging"),
    [
        ({}, []),
        ({"Scheduler": "INFO", "Task": "WARNING"}, []),
        ({"Task": "DEBUG", "Scheduler": "WARNING"}, ["scheduler"]),
        ({"WebServer": "DEBUG"}, ["api-server"]),
        ({"DAGProcessing": "DEBUG"}, ["dag-processor"]),
        ({"Scheduler": "DEBUG"}, ["scheduler", "triggerer"]),
    ],
)
def test_debug_lines_are_written_where_they_are_wanted(levels: dict[str, str], debugging: list[str]) -> None:
    found = [each.name for each in components(3, 1) if logging_variables(each, levels) == DEBUG]

    assert sorted(found) == debugging
