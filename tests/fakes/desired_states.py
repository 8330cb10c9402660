"""Builds desired states, bundles and plans of a few words for tests."""

from __future__ import annotations

import hashlib

from mwaactl.config.names import Names
from mwaactl.desired import ArtifactKind, DesiredArtifact, DesiredObject, DesiredState
from mwaactl.observed import (
    ObservedEnvironment,
    ObservedStack,
    ObservedState,
    Release,
    ReleasedFile,
    ReleaseState,
    StoredObject,
)

NAMES = Names("flights", "local", "123456789012", "us-east-1")
PLUGINS = "artifacts/plugins.zip"
REQUIREMENTS = "artifacts/requirements.txt"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def module(name: str, content: str = "module") -> DesiredObject:
    return DesiredObject(f"dags/{name}", sha(content), len(content), 1)


def dag(name: str, content: str = "dag") -> DesiredObject:
    return DesiredObject(f"dags/{name}", sha(content), len(content), 2, defines_dag=True)


def requirements(content: str = "pandas==1") -> DesiredArtifact:
    return DesiredArtifact(ArtifactKind.REQUIREMENTS, DesiredObject(REQUIREMENTS, sha(content), len(content)))


def desired(*dags: DesiredObject, artifacts: tuple[DesiredArtifact, ...] = ()) -> DesiredState:
    return DesiredState(NAMES, "3.3.1", tuple(dags), artifacts)


def released(state: DesiredState, number: int = 1) -> Release:
    """Return the release that leads to a state; versions and ETags name the release's number."""
    wanted = (*state.dags, *(each.object for each in state.artifacts))
    files = tuple(ReleasedFile(each.key, each.sha256, f"e{number}", f"v{number}") for each in wanted)
    return Release(
        id=f"2026112{number}T080000Z-{state.digest[:8]}",
        digest=state.digest,
        state=ReleaseState.RELEASED,
        files=files,
        airflow_version=state.airflow_version,
        git_commit=None,
        who="arn:aws:iam::123456789012:user/dora",
        when="2026-11-23T08:00:00+00:00",
    )


def deployed(state: DesiredState) -> ObservedState:
    """Return what is observed right after a deployment of a state."""
    release = released(state)
    parameters = {
        name: value
        for each in state.artifacts
        for name, value in (
            (each.kind.key_parameter, each.object.key),
            (each.kind.version_parameter, "v1"),
        )
    }
    stacks = {
        name: ObservedStack(name, "CREATE_COMPLETE", parameters if name == NAMES.environment_stack else {})
        for name in (*state.foundation_stacks, NAMES.environment_stack)
    }
    objects = {each.key: StoredObject(each.key, each.etag) for each in release.files}
    environment = ObservedEnvironment("flights-local", "AVAILABLE", "3.3.1")
    return ObservedState(stacks, environment, objects, release, '"current1"', bucket_exists=True)
