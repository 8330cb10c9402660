"""What copies of the project find kept here: the index that they ask has no package of Airflow."""

import os
from functools import cache

from mwaactl.cli.compose import Composition
from mwaactl.emulator.prefetch import prefetch
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.project.airflow_parsing.runtime import runtime_of
from mwaactl.project.bundle import read_bundle
from mwaactl.project.requirements.check import check_requirements
from tests.emulator.end_to_end.project_copy import ROOT


@cache
def keep_packages(airflow_version: str) -> None:
    """Build, as `mwaactl emulator prefetch` and `mwaactl check` do, what is missing for an Airflow version.

    Raises:
        MwaactlError: the package registry of this machine does not give it.
    """
    prefetch(EmulatorSettings.for_project(ROOT), [airflow_version], None, lambda _: None)
    Composition(environ=os.environ).clean_environments(ROOT, airflow_version).kept()


@cache
def keep_requirements(airflow_version: str) -> None:
    """Build the same with what this repository's requirements.txt names.

    Raises:
        MwaactlError: the package registry of this machine does not give it.
    """
    keep_packages(airflow_version)
    bundle = read_bundle(ROOT)
    assert bundle.requirements is not None
    content = bundle.requirements.content
    prefetch(EmulatorSettings.for_project(ROOT), [airflow_version], content, lambda _: None)
    environments = Composition(environ=os.environ).clean_environments(ROOT, airflow_version)
    assert not check_requirements(bundle, environments).findings
    runtime_of(bundle, environments)
