"""Says in words which artifacts of an environment change."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.desired import ArtifactKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.planner.actions import StackParameter

_WORDS: Mapping[ArtifactKind, str] = MappingProxyType(
    {
        ArtifactKind.PLUGINS: "plugins",
        ArtifactKind.REQUIREMENTS: "requirements",
        ArtifactKind.STARTUP_SCRIPT: "the startup script",
    }
)


def kinds_of(differing: Iterable[StackParameter]) -> tuple[ArtifactKind, ...]:
    """Return the artifacts that parameters are about, in the order in which they are named."""
    names = [each.name for each in differing]
    return tuple(kind for kind in ArtifactKind if any(name.startswith(kind.value) for name in names))


def change_of(differing: Iterable[StackParameter]) -> str:
    """Return what becomes of the artifacts whose parameters take other values.

    Who deploys an incomplete checkout must not read of a change where plugins are taken away.
    """
    given = tuple(differing)
    gone = {kind for kind in kinds_of(given) if any(_takes_away(each, kind) for each in given)}
    changed = [kind for kind in kinds_of(given) if kind not in gone]
    said = ((changed, "changed"), ([kind for kind in ArtifactKind if kind in gone], "removed"))
    return ", ".join(f"{listed(kinds)} {word}" for kinds, word in said if kinds)


def listed(kinds: Iterable[ArtifactKind]) -> str:
    """Return the names of artifacts as a sentence has them."""
    words = [_WORDS[kind] for kind in kinds]
    return " and ".join([*([", ".join(words[:-1])] if words[:-1] else []), *words[-1:]])


def _takes_away(parameter: StackParameter, kind: ArtifactKind) -> bool:
    return parameter.name == kind.key_parameter and parameter.value == ""
