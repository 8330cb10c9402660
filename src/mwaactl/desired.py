"""What an environment should be: derived from its configuration and the bundle, without asking AWS."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.names import Names
    from mwaactl.project.bundle import Bundle
    from mwaactl.project.dag_files import DagFile
    from mwaactl.project.dags_zip import DagsArchive
    from mwaactl.project.source_facts import SourceFacts


class ArtifactKind(StrEnum):
    """The three files that MWAA takes only through an update; the value begins the stack's parameters."""

    PLUGINS = "Plugins"
    REQUIREMENTS = "Requirements"
    STARTUP_SCRIPT = "StartupScript"

    @property
    def key_parameter(self) -> str:
        """CloudFormation parameter for the S3 key."""
        return f"{self.value}Key"

    @property
    def version_parameter(self) -> str:
        """CloudFormation parameter for the S3 VersionId."""
        return f"{self.value}Version"


class WorkerReplacement(StrEnum):
    """How an update replaces workers, by the API's names."""

    FORCED = "FORCED"
    """Running tasks fail, and Airflow retries them."""
    GRACEFUL = "GRACEFUL"
    """Running tasks end first, for twelve hours at most."""


REPLACEMENT_PARAMETER = "WorkerReplacementStrategy"
"""CloudFormation parameter for the strategy; empty leaves it to MWAA's default."""


class Layout(StrEnum):
    """How the DAG folder lies in the bucket."""

    FILES = "files"
    """An object for each file."""
    ZIP = "zip"
    """One archive, which changes in one write."""


@dataclass(frozen=True, slots=True)
class DesiredObject:
    """An object that the source bucket should hold.

    Attributes:
        key: Key in the bucket.
        sha256: Digest of the content, 64 hexadecimal digits.
        size: Length in bytes.
        stage: Objects of a lower stage are written before those of a higher one; within one, order is free.
        defines_dag: Whether Airflow should find a DAG in it.
        version_id: The version that holds it already, where a rollback names one; None otherwise.
        imports: Keys of the objects that it imports, sorted.
        facts: What a Python file takes from modules and has for them; None where the content was not read.
        holds: For an archive of DAGs the digests of the files in it that define them, by what Airflow calls
            these: for example `dags/flights.zip/a.py`.
    """

    key: str
    sha256: str
    size: int
    stage: int = 0
    defines_dag: bool = False
    version_id: str | None = None
    imports: tuple[str, ...] = ()
    facts: SourceFacts | None = None
    holds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DesiredArtifact:
    """One of the three artifacts."""

    kind: ArtifactKind
    object: DesiredObject


@dataclass(frozen=True, slots=True)
class DesiredState:
    """What one environment should be.

    Attributes:
        builds_network: Whether its VPC has a stack; one that exists already has none.
        restores: Whether it is what an earlier release was.
    """

    names: Names
    airflow_version: str
    dags: tuple[DesiredObject, ...]
    artifacts: tuple[DesiredArtifact, ...]
    layout: Layout = Layout.FILES
    builds_network: bool = True
    restores: bool = False

    @property
    def dag_files(self) -> tuple[str, ...]:
        """Keys of the files in which Airflow should find DAGs, as Airflow calls them."""
        return tuple(key for each in self.dags if each.defines_dag for key in (each.holds or (each.key,)))

    @property
    def foundation_stacks(self) -> tuple[str, ...]:
        """Stacks that must exist before anything is uploaded, in the order of their creation."""
        skipped = set() if self.builds_network else {self.names.network_stack}
        return tuple(each for each in self.names.foundation_stacks if each not in skipped)

    @property
    def digest(self) -> str:
        """One digest over everything that a release is made of."""
        lines = [f"{each.key} {each.sha256}" for each in self.dags]
        lines += [f"{each.object.key} {each.object.sha256}" for each in self.artifacts]
        text = "\n".join([self.airflow_version, *sorted(lines)])
        return hashlib.sha256(text.encode()).hexdigest()


def desired_state(
    environment: EnvironmentConfig, bundle: Bundle, archive: DagsArchive | None = None
) -> DesiredState:
    """Derive the desired state.

    Args:
        environment: The resolved configuration.
        bundle: What the working tree would ship.
        archive: Its DAGs as one archive, which then takes their place.
    """
    dags = tuple(_dag_file(each) for each in bundle.dags) if archive is None else (_archive(archive),)
    by_kind = (
        (ArtifactKind.PLUGINS, bundle.plugins),
        (ArtifactKind.REQUIREMENTS, bundle.requirements),
        (ArtifactKind.STARTUP_SCRIPT, bundle.startup),
    )
    artifacts = tuple(
        DesiredArtifact(kind, DesiredObject(found.key, found.sha256, found.size))
        for kind, found in by_kind
        if found is not None
    )
    layout = Layout.FILES if archive is None else Layout.ZIP
    return DesiredState(
        environment.names,
        environment.airflow_version,
        dags,
        artifacts,
        layout,
        builds_network=environment.network.vpc is None,
    )


def _dag_file(file: DagFile) -> DesiredObject:
    return DesiredObject(
        file.key,
        file.sha256,
        file.size,
        file.stage,
        file.defines_dag,
        imports=file.imports,
        facts=file.facts,
    )


def _archive(archive: DagsArchive) -> DesiredObject:
    return DesiredObject(
        archive.key,
        archive.sha256,
        archive.size,
        stage=1,
        defines_dag=bool(archive.dags),
        holds=archive.dags,
    )
