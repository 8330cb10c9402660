"""Pins that contradict the constraints which MWAA adds to pip's command line."""

from collections.abc import Iterator

from mwaactl.catalog.constraints import airflow_constraints
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_constraints import switches_constraints_off
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.requirements.markers import may_hold_on_worker
from mwaactl.project.requirements_file import same_version


def requirements_constrained(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports other versions than the constraints say; pins that always hold are another rule's business."""
    if bundle.requirements is None or switches_constraints_off(bundle.requirements.content):
        return
    constraints = airflow_constraints(version.version)
    for line in readable_lines(bundle):
        said = constraints.get(line.name or "")
        if said is None or line.pinned_version is None or line.name in version.essential:
            continue
        if not same_version(line.pinned_version, said) and may_hold_on_worker(line.marker, version.python):
            message = (
                f"`{line.name}=={line.pinned_version}` contradicts the constraints of Airflow "
                f"{version.version} on MWAA, which say {said}"
            )
            hint = "put the name into requirements.in and run `mwaactl requirements lock`, which takes it"
            yield Finding("requirements-constrained", "error", REQUIREMENTS, line.number, message, hint)
