"""The actions that a plan is made of, each a value with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class VersionOf:
    """Stands for the VersionId that an object gets when this plan uploads it."""

    key: str


@dataclass(frozen=True, slots=True)
class StackParameter:
    """A CloudFormation parameter and its value, which may become known only while the plan is carried out."""

    name: str
    value: str | VersionOf


@dataclass(frozen=True, slots=True)
class CreateStack:
    """Deploy a stack that does not exist, through the CDK CLI."""

    stack: str
    parameters: tuple[StackParameter, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PutObject:
    """Write an object.

    Attributes:
        replaces: ETag of the object that is written over; None where there is none.
    """

    key: str
    sha256: str
    size: int
    stage: int
    reason: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateParameters:
    """Update a stack with its previous template and these parameters."""

    stack: str
    parameters: tuple[StackParameter, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RestoreArtifacts:
    """Give the environment the artifacts that its stack names: someone changed them past CloudFormation.

    Attributes:
        parameters: What differs; how workers are replaced, where that was said.
    """

    environment: str
    parameters: tuple[StackParameter, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class AwaitAvailable:
    """Wait until the environment is AVAILABLE."""

    environment: str
    reason: str


@dataclass(frozen=True, slots=True)
class VerifyRequirements:
    """Read pip's own log of the installation: MWAA starts without the packages when pip fails."""

    environment: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """Delete an object that an earlier release wrote.

    Attributes:
        etag: ETag of the object as it was observed.
    """

    key: str
    reason: str
    etag: str


@dataclass(frozen=True, slots=True)
class AwaitParsed:
    """Wait until Airflow has parsed these files, and fail on its import errors.

    Attributes:
        changed: Files that define DAGs and are new or changed: their content must have been parsed.
        dependent: Further files that define DAGs, which must be parsed again because a module changed.
        known: Keys of all files of the release; import errors of others are not ours.
    """

    changed: tuple[str, ...]
    dependent: tuple[str, ...]
    known: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RecordRelease:
    """Write `releases/<id>.json`, and name it in `releases/current.json`.

    Attributes:
        digest: The desired state's digest.
        replaces_etag: ETag of `releases/current.json` as observed; None where there is none yet.
    """

    digest: str
    replaces_etag: str | None
    reason: str


type Action = (
    CreateStack
    | PutObject
    | UpdateParameters
    | RestoreArtifacts
    | AwaitAvailable
    | VerifyRequirements
    | DeleteObject
    | AwaitParsed
    | RecordRelease
)


type EnvironmentChange = CreateStack | UpdateParameters | RestoreArtifacts


class Effect(Enum):
    """What a plan does to the environment, which decides how long it takes."""

    NONE = "none"
    """Nothing of the environment changes: only the record is brought up to date."""
    DAGS = "dags"
    """DAG files change; nothing is restarted."""
    UPDATE = "update"
    """MWAA replaces the environment's containers."""
    CREATION = "creation"
    """The environment is created."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan is not carried out unless a flag says so.

    Attributes:
        message: One sentence without a full stop.
        flag: The flag, for example `--allow-deletes`.
    """

    message: str
    flag: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions in the order of their execution; empty when nothing is to be done.

    Attributes:
        environment: Name in the configuration.
        actions: What is done.
        refusals: What keeps it from being carried out without a flag.
        foreign: Keys in the DAG folder that no release of the project wrote; they are never touched.
        notes: What else the reader should know, a sentence each.
    """

    environment: str
    actions: tuple[Action, ...]
    refusals: tuple[Refusal, ...] = ()
    foreign: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.actions

    @property
    def effect(self) -> Effect:
        """What it does to the environment."""
        kinds = {type(each) for each in self.actions}
        if any(isinstance(each, CreateStack) and each.parameters for each in self.actions):
            return Effect.CREATION
        if kinds & {UpdateParameters, RestoreArtifacts}:
            return Effect.UPDATE
        return Effect.DAGS if kinds & {PutObject, DeleteObject} else Effect.NONE
