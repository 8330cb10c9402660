"""As on MWAA, an option or the startup script may lead Airflow away from the folder of the plugins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from mwaactl.emulator.runtime.environment_parts import EnvironmentParts
from mwaactl.emulator.runtime.plugins_folder import VARIABLE, plugins_folder
from mwaactl.emulator.runtime.preparation import Prepared
from mwaactl.emulator.settings import EmulatorSettings
from tests.fakes.environment_spec import environment_spec

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME, PLUGINS = Path("/state/airflow"), Path("/state/generations/1/plugins")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (None, "/state/generations/1/plugins"),
        ("", "/state/generations/1/plugins"),
        ("/usr/local/airflow/plugins", "/state/generations/1/plugins"),
        ("${AIRFLOW_HOME}/plugins/", "/state/generations/1/plugins/"),
        ("$AIRFLOW_HOME/plugins/team", "/state/generations/1/plugins/team"),
        ("/state/airflow/plugins", "/state/generations/1/plugins"),
        ("/usr/local/airflow/plugins2", "/usr/local/airflow/plugins2"),
        ("/usr/local/airflow/dags", "/usr/local/airflow/dags"),
    ],
)
def test_only_the_folder_that_mwaa_fills_is_the_generations_own(named: str | None, found: str) -> None:
    assert plugins_folder(named, HOME, PLUGINS) == found


class Elsewhere:
    """Credentials and databases of an environment that runs nothing."""

    def environment_for(self, *_: object) -> dict[str, str]:
        return {}

    def url(self, name: str) -> str:
        return f"postgresql://localhost/{name}"


def variables(
    folder: Path, options: Mapping[str, str], exports: Mapping[str, str]
) -> Mapping[str, Mapping[str, str]]:
    """Return what the processes of an environment are given whose plugins lie in `<folder>/plugins`."""
    elsewhere: Any = Elsewhere()
    settings = EmulatorSettings(folder, folder, folder)
    parts = EnvironmentParts("flights", settings, elsewhere, cast("Any", None), lambda: elsewhere)
    parts.folder.mkdir(parents=True)
    spec = replace(environment_spec("flights"), config_options=options)
    by_container = dict.fromkeys(("scheduler", "worker", "webserver"), exports)
    return parts.variables(spec, Prepared(folder, folder / "plugins", folder, by_container, None), 8080)


@pytest.mark.parametrize(
    ("options", "exports", "found"),
    [
        ({}, {}, "{}/plugins"),
        ({"core.plugins_folder": "/opt/plugins"}, {}, "/opt/plugins"),
        ({}, {VARIABLE: "/opt/plugins"}, "/opt/plugins"),
        ({"core.plugins_folder": "/usr/local/airflow/plugins"}, {VARIABLE: "/opt/plugins"}, "{}/plugins"),
    ],
)
def test_options_and_script_may_lead_every_process_away(
    tmp_path: Path, options: Mapping[str, str], exports: Mapping[str, str], found: str
) -> None:
    given = variables(tmp_path, options, exports)

    assert {name: each[VARIABLE] for name, each in given.items()} == dict.fromkeys(
        ("scheduler", "webserver"), found.format(tmp_path)
    )
