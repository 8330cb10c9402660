"""AWS's own policies are there where a region of the settings is, and nowhere else."""

from pathlib import Path

import pytest
from moto.iam.models import IAMBackend

from mwaactl.emulator.provided_policies import install
from mwaactl.emulator.settings import BootstrapTarget, EmulatorSettings

ADMINISTRATORS = "arn:aws:iam::aws:policy/AdministratorAccess"
SETTINGS = EmulatorSettings.for_project(Path("/nowhere"))


@pytest.fixture(autouse=True)
def provided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")


def count(partition: str) -> int:
    return len(IAMBackend(partition, "123456789012").aws_managed_policies)


def test_the_partition_of_the_region_has_them() -> None:
    install(SETTINGS)

    assert ADMINISTRATORS in IAMBackend("aws", "123456789012").managed_policies
    assert (count("aws") > 1000, count("aws-cn"), count("aws-us-gov")) == (True, 0, 0)


def test_a_further_region_brings_those_of_its_partition() -> None:
    install(SETTINGS.with_bootstrap(BootstrapTarget("123456789012", "cn-north-1")))

    assert count("aws-cn") == count("aws") > 1000
    install(SETTINGS)
    assert count("aws-cn") == 0
