"""Every shipped configuration passes every scanner; cdk-nag and our own rules look on at synthesis."""

import os
from pathlib import Path

import pytest

from mwaactl.project.infrastructure.assembly import Assembly
from tests.infra.configurations import CONFIGURATIONS
from tests.infra.scanned_templates import Collected, scan, slow_scanners, unacknowledged

SCANNERS = {each.name: each for each in slow_scanners(os.environ)}


@pytest.fixture(scope="module")
def assembly(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    collected = Collected(tmp_path_factory.mktemp("scanned") / "templates")
    for name in CONFIGURATIONS:
        collected.add(name, request.getfixturevalue(name).outdir)
    return collected.assembly("eu-west-1")


@pytest.mark.parametrize("scanner", SCANNERS)
def test_nothing_is_found_that_is_not_acknowledged(scanner: str, assembly: Assembly) -> None:
    found = scan(SCANNERS[scanner], assembly, os.environ)

    assert found, f"{scanner} finds nothing at all, not even what is acknowledged"
    assert unacknowledged(assembly, found) == []


def test_a_plugin_s_report_of_each_configuration_has_no_violation(
    assembly: Assembly, request: pytest.FixtureRequest
) -> None:
    reports = {
        name: request.getfixturevalue(name).outdir / "validation-report.json" for name in CONFIGURATIONS
    }

    assert all(report.is_file() for report in reports.values())
    for report in reports.values():
        assert Assembly.read(Path(report).parent, "eu-west-1").violations == ()
    assert len({template.name.partition(".")[0] for template in assembly.templates}) == len(CONFIGURATIONS)
