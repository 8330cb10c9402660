"""Which files of the tree each file imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.project.module_names import module_of, packages_of
from mwaactl.project.needs import Kind, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mwaactl.project.needs import Need

type Graph = Mapping[str, tuple[str, ...]]


class Modules:
    """The modules of a tree, by the names that imports call them.

    A folder on the way may be called by name without an `__init__.py`: then it is no file to wait for.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        # Of `lib.py` and `lib/__init__.py` Python takes the package, which sorts behind.
        self._files = {module_of(key): key for key in sorted(keys)}
        self._shadows_itself = any(name == "dags" or name.startswith("dags.") for name in self._files)

    def files(self, dotted: str, within: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yields the keys of the files that importing a dotted name runs, the packages on its way first.

        Args:
            dotted: A module, or a name of one.
            within: Packages that are loaded already, because the file that imports lies in them. They count
                only where nothing below them is meant: a package imports its parts more often than they it.
        """
        parts = self._below(dotted).split(".")
        prefixes = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        found = [(prefix, key) for prefix in prefixes if (key := self._files.get(prefix)) is not None]
        for place, (prefix, key) in enumerate(found):
            if prefix not in within or place == len(found) - 1:
                yield key

    def _below(self, dotted: str) -> str:
        """Takes `dags.lib.tables` for `lib.tables`: the folder above `dags/` may stand on the path too."""
        return dotted if self._shadows_itself else dotted.removeprefix("dags.")


def imports_of(
    key: str, needs: Iterable[Need], modules: Modules, moments: frozenset[Moment] = frozenset(Moment)
) -> tuple[str, ...]:
    """Returns the keys of the other files that a file imports, sorted.

    Args:
        key: The file.
        needs: What it takes.
        modules: The tree.
        moments: Which needs count; all of them unless told.
    """
    own = frozenset(packages_of(key))
    found = {
        imported
        for need in needs
        if need.moment in moments and need.kind in (Kind.MODULE, Kind.NAME, Kind.STAR)
        for imported in modules.files(f"{need.module}.{need.name}".strip(".*"), own)
    }
    found.discard(key)
    return tuple(sorted(found))
