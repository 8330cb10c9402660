"""What an environment should be: derived from its configuration and the bundle, without asking AWS."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mwaactl.project.dag_definitions import defines_dag
from mwaactl.project.import_graph import import_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.names import Names
    from mwaactl.project.bundle import Bundle, DagFile


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
    """

    key: str
    sha256: str
    size: int
    stage: int = 0
    defines_dag: bool = False
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class DesiredArtifact:
    """One of the three artifacts."""

    kind: ArtifactKind
    object: DesiredObject


@dataclass(frozen=True, slots=True)
class DesiredState:
    """What one environment should be."""

    names: Names
    airflow_version: str
    dags: tuple[DesiredObject, ...]
    artifacts: tuple[DesiredArtifact, ...]

    @property
    def foundation_stacks(self) -> tuple[str, ...]:
        """Stacks that must exist before anything is uploaded, in the order of their creation."""
        names = self.names
        return (names.storage_stack, names.network_stack, names.warehouse_stack, names.functions_stack)

    @property
    def digest(self) -> str:
        """One digest over everything that a release is made of."""
        lines = [f"{each.key} {each.sha256}" for each in self.dags]
        lines += [f"{each.object.key} {each.object.sha256}" for each in self.artifacts]
        text = "\n".join([self.airflow_version, *sorted(lines)])
        return hashlib.sha256(text.encode()).hexdigest()


def desired_state(
    environment: EnvironmentConfig, bundle: Bundle, read: Callable[[DagFile], bytes]
) -> DesiredState:
    """Derive the desired state.

    Args:
        environment: The resolved configuration.
        bundle: What the working tree would ship.
        read: Gives a DAG file's content.
    """
    contents = {file.key: read(file) for file in bundle.dags if file.key.endswith(".py")}
    stages = _stages(bundle.dags, contents)
    dags = tuple(
        DesiredObject(
            each.key,
            each.sha256,
            each.size,
            stages[each.key],
            defines_dag(contents.get(each.key, b"")),
        )
        for each in bundle.dags
    )
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
    return DesiredState(environment.names, environment.airflow_version, dags, artifacts)


def _stages(files: tuple[DagFile, ...], contents: dict[str, bytes]) -> dict[str, int]:
    """Put data files first, then modules by the depth of their imports, then the files that define DAGs.

    A file always comes after what it imports, also where that defines a DAG and the file itself does not.
    """
    below = {key.removeprefix("dags/"): content for key, content in contents.items()}
    graph = {f"dags/{name}": [f"dags/{each}" for each in deps] for name, deps in import_graph(below).items()}
    ordered = [each.key for each in sorted(files, key=lambda each: each.order)]
    depths: dict[str, int] = {}
    for key in ordered:
        depths[key] = 1 + max((depths.get(each, 0) for each in graph[key]), default=0) if key in graph else 0
    highest = max(depths.values(), default=0)
    stages: dict[str, int] = {}
    for key in ordered:
        own = depths[key] + (highest if defines_dag(contents.get(key, b"")) else 0)
        stages[key] = max(own, *(1 + stages.get(each, 0) for each in graph.get(key, ())), 0)
    return stages
