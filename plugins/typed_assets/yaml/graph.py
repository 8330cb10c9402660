"""Which step comes after which: names, patterns, cycles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from typed_assets.spec.errors import nearest

type Fault = tuple[int, str, str | None]
"""Number of the name in `after`, message and hint."""


def upstream(step: str, after: Sequence[str], ids: Iterable[str]) -> tuple[tuple[str, ...], list[Fault]]:
    """Return the ids that `after` names, patterns put out, and what names no step."""
    known, found, faults = tuple(ids), dict[str, None](), list[Fault]()
    for number, name in enumerate(after):
        matching = [each for each in known if each != step and fnmatchcase(each, name)] if "*" in name else []
        if name == step:
            faults.append((number, f"step `{step}` comes after itself", None))
        elif name in known or matching:
            found |= dict.fromkeys(matching or [name])
        else:
            faults.append(
                (number, f"step `{step}` comes after `{name}`, which is no step here", nearest(name, known))
            )
    return tuple(found), faults


def cycle(after: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    """Return ids that wait for one another in a circle, the first of them again at the end; None is well."""
    done: set[str] = set()
    for first in after:
        if first not in done and (found := _circle(first, after, done)):
            return found
    return None


def _circle(first: str, after: Mapping[str, Sequence[str]], done: set[str]) -> tuple[str, ...] | None:
    walk: list[tuple[str, Iterator[str]]] = [(first, iter(after[first]))]
    while walk:
        current, rest = walk[-1]
        following = next(rest, None)
        if following is None:
            done.add(current)
            walk.pop()
        elif following in (on_walk := [name for name, _ in walk]):
            return (*on_walk[on_walk.index(following) :], following)
        elif following not in done:
            walk.append((following, iter(after[following])))
    return None
