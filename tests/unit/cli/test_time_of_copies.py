"""A deployment waits for MWAA's copies, or for those of the project's own emulator."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mwaactl.cli.dag_copies import copied_within
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.state_file import STATE_FILE, write_own_record

HERE = "http://127.0.0.1:4577"


@pytest.fixture
def settings(tmp_path: Path) -> EmulatorSettings:
    """What an emulator of the project is started with; this process is in its place."""
    made = replace(EmulatorSettings.for_project(tmp_path, sync_interval=2.0), port=4577)
    made.state_dir.mkdir(parents=True)
    write_own_record(made)
    return made


@pytest.mark.parametrize("endpoint", [HERE, "http://localhost:4577"])
def test_the_emulator_s_interval_and_the_time_that_a_copy_takes(
    settings: EmulatorSettings, endpoint: str
) -> None:
    assert copied_within(settings.project_root, endpoint) == timedelta(seconds=7)


def test_aws_takes_half_a_minute_while_an_emulator_runs(settings: EmulatorSettings) -> None:
    assert copied_within(settings.project_root, None) == timedelta(seconds=30)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://localhost"])
def test_another_endpoint_is_taken_for_aws(settings: EmulatorSettings, endpoint: str) -> None:
    assert copied_within(settings.project_root, endpoint) == timedelta(seconds=30)


def test_an_emulator_that_has_ended_says_nothing(settings: EmulatorSettings) -> None:
    record = settings.state_dir / STATE_FILE
    record.write_text(record.read_text(encoding="utf-8").replace('"started": ', '"started": 1'), "utf-8")

    assert copied_within(settings.project_root, HERE) == timedelta(seconds=30)


def test_no_emulator_says_nothing(tmp_path: Path) -> None:
    assert copied_within(tmp_path, HERE) == timedelta(seconds=30)
