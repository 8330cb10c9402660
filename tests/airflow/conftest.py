"""Airflow versions for tests: one process for all files of `inside/` that a run has selected."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mwaactl.emulator.services_for_tests import emulated_services
from tests.airflow.inside_airflow import InsideAirflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.emulator.services_for_tests import EmulatedServices
    from tests.airflow.inside_airflow import Results

collect_ignore = ["inside"]


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedServices]:
    """An emulated AWS account."""
    with emulated_services(tmp_path_factory.mktemp("aws")) as served:
        yield served


@pytest.fixture(scope="session")
def airflow(
    account: EmulatedServices, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], InsideAirflow]:
    """Give an Airflow version, with a bucket and a workgroup of its own."""
    made: dict[str, InsideAirflow] = {}

    def of(version: str) -> InsideAirflow:
        if version not in made:
            name = f"airflow-{version.replace('.', '-')}"
            options = account.warehouse(name)
            variables = {f"AIRFLOW__PIPELINES__{key.upper()}": value for key, value in options.items()}
            whole = {name: os.environ[name] for name in ("MWAACTL_WHOLE",) if name in os.environ}
            made[version] = InsideAirflow(
                version,
                tmp_path_factory.mktemp(name),
                {**account.variables, **variables, **whole, "AIRFLOW_UNDER_TEST": version},
            )
        return made[version]

    return of


@pytest.fixture(scope="session")
def results(
    airflow: Callable[[str], InsideAirflow], request: pytest.FixtureRequest
) -> Callable[[str], Results]:
    """Give the results of a version; the first to ask runs all files that are selected for it."""
    made: dict[str, Results] = {}

    def of(version: str) -> Results:
        if version not in made:
            parameters = [getattr(item, "callspec", None) for item in request.session.items]
            files = [
                str(found.params["file"])
                for found in parameters
                if found and found.params.get("version") == version and "file" in found.params
            ]
            made[version] = airflow(version).pytest(dict.fromkeys(files))
        return made[version]

    return of
