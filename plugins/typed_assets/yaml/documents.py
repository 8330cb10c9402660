"""One YAML file as a value, with the line of everything in it.

libyaml reads the file into nodes, which know their lines; the value is made of the nodes. So finding a line
costs nothing until there is a mistake.
"""

from dataclasses import dataclass
from operator import is_
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError
from yaml._yaml import CParser

from typed_assets.spec.errors import Place, SpecError
from typed_assets.yaml.scalars import UnclearScalarError, plain

_SUSPECT = frozenset({"", *"~nNtTfF+-.0123456789"})
"""What a plain word begins with that is not text."""

type Path = tuple[str | int, ...]

MOST_BYTES = 1_000_000
MOST_VALUES = 200_000
MOST_DEPTH = 50
_SAFE_LEVELS = 2_000
_PLAIN, _TEXT, _COLLECTION = "plain", "text", "collection"
"""Tags of nodes that have none in the file. They are told by identity: a file may write the same words."""
_STR = "tag:yaml.org,2002:str"


class _Parser(CParser):
    """libyaml's parser and composer, with nothing of PyYAML's resolver: tags say only what was written."""

    def resolve(self, kind: type[Node], _value: object, implicit: Any) -> str:  # noqa: ANN401 - PyYAML's
        if kind is ScalarNode:
            return _PLAIN if implicit[0] else _TEXT
        return _COLLECTION

    # No tag depends on a path. The composer calls these for every node, so they are functions in C.
    descend_resolver = staticmethod(is_)
    ascend_resolver = staticmethod(tuple)


class _CountingParser(_Parser):
    """Counts levels: the composer calls itself for each, and would end the process on very many."""

    _level = 0

    def descend_resolver(self, *_: object) -> None:  # type: ignore[override]
        self._level += 1
        if self._level > MOST_DEPTH:
            raise _TooDeepError

    def ascend_resolver(self) -> None:  # type: ignore[override]
        self._level -= 1


class _TooDeepError(YAMLError):
    """There are too many levels."""

    problem = f"there are more than {MOST_DEPTH} levels"


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file.

    Attributes:
        file: how the file is named in messages.
        value: what stands in it, as JSON values.
        root: its nodes.
    """

    file: str
    value: Any
    root: Node | None

    def place(self, path: Path, word: str | None = None) -> Place:
        """Return where a path of keys leads; where it ends before, the last that is there.

        Args:
            path: keys and numbers of items, from the root.
            word: a scalar to be looked for below it, for a mistake that is told by a word alone.
        """
        line, node = self._walk(path)
        if word is not None and node is not None and (found := _scalar(node, word)) is not None:
            line = _line(found)
        return Place(self.file, line, key_text(path) or None)

    def item_places(self, key: str) -> list[Place]:
        """Return where the items of a list begin that stands under a key."""
        found = _child(self.root, key)
        items = found[1].value if found is not None and isinstance(found[1], SequenceNode) else ()
        return [Place(self.file, _line(item), f"{key}[{number}]") for number, item in enumerate(items)]

    def depth(self, path: Path) -> int:
        """Return how many keys of a path are in this file."""
        node, count = self.root, 0
        for part in path:
            found = _child(node, part)
            if found is None:
                break
            node, count = found[1], count + 1
        return count

    def _walk(self, path: Path) -> tuple[int, Node | None]:
        node, line = self.root, 1 if self.root is None else _line(self.root)
        for part in path:
            found = _child(node, part)
            if found is None:
                break
            line, node = _line(found[0]), found[1]
        return line, node


def key_text(path: Path) -> str:
    """Return a path of keys as it is shown: `steps[0].arguments.sql`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def read_document(content: bytes | str, file: str) -> Document:
    """Read YAML 1.2; nothing in it is executed.

    Args:
        content: of the file; one document.
        file: its name in messages.

    Raises:
        SpecError: it is not YAML, has a key twice, a tag, or aliases that would blow it up.
    """
    if len(content) > MOST_BYTES:
        message = f"the file has {len(content):,} bytes; at most {MOST_BYTES:,} are read"
        raise SpecError(message, hint="divide it", place=Place(file))
    try:
        root = _parser(content).get_single_node()
    except YAMLError as error:
        raise _not_yaml(error, file) from None
    except UnicodeDecodeError:
        message = "the file is not UTF-8"
        raise SpecError(message, place=Place(file)) from None
    return Document(file, None if root is None else _Construction(file).value(root, 0), root)


def _parser(content: bytes | str) -> _Parser:
    """Return the quick parser where nesting cannot be deep: a level takes a bracket or place in a line."""
    data = content.encode() if isinstance(content, str) else content
    levels = data.count(b"[") + data.count(b"{") + max(map(len, data.split(b"\n")))
    return _CountingParser(content) if levels > _SAFE_LEVELS else _Parser(content)


def _not_yaml(error: YAMLError, file: str) -> SpecError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    hint = "a second document begins with `---`; write one file for each" if "document" in problem else None
    return SpecError(
        f"this is not YAML: {problem}", hint=hint, place=Place(file, None if mark is None else mark.line + 1)
    )


class _Construction:
    """Makes values of nodes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0

    def value(self, node: Node, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        self._count += 1
        tag = node.tag
        if tag is _TEXT:
            return node.value
        if self._count > MOST_VALUES or depth > MOST_DEPTH:
            message = f"aliases or nesting make this more than {MOST_VALUES:,} values or {MOST_DEPTH} levels"
            raise self._error(node, message)
        if tag is _PLAIN:
            return self._plain(node) if node.value[:1] in _SUSPECT else node.value
        if tag is not _COLLECTION and tag != _STR:
            message = f"the tag `{_shown(tag)}` is not allowed"
            raise self._error(node, message, "write plain values: nothing in a pipeline's file is executed")
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return node.value

    def _plain(self, node: Node) -> Any:  # noqa: ANN401 - any JSON value
        try:
            return plain(node.value)
        except UnclearScalarError as error:
            raise self._error(node, error.message, error.hint) from None

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if key.tag is _PLAIN and key.value[:1] not in _SUSPECT else self._key(key)
            if name == "<<" and key.tag is _PLAIN:
                merged = self._merged(value, depth) | merged
            elif name in found:
                message = f"the key `{name}` stands here twice"
                raise self._error(key, message, "YAML would keep the last one only")
            else:
                found[name] = self.value(value, depth + 1)
        return merged | found if merged else found

    def _key(self, key: Node) -> str:
        if not isinstance(key, ScalarNode) or not _is_text(key.tag):
            message = "a key must be text"
            raise self._error(key, message)
        if key.tag is _PLAIN and not isinstance(self._plain(key), str):
            message = f"the key `{key.value}` is not text"
            raise self._error(key, message, f'write `"{key.value}"`')
        return str(key.value)

    def _merged(self, node: Node, depth: int) -> dict[str, Any]:
        value = self.value(node, depth + 1)
        found: dict[str, Any] = {}
        for each in reversed(value if isinstance(value, list) else [value]):
            if not isinstance(each, dict):
                message = "`<<` takes a mapping, or a list of mappings"
                raise self._error(node, message)
            found |= each
        return found

    def _error(self, node: Node, message: str, hint: str | None = None) -> SpecError:
        return SpecError(message, hint=hint, place=Place(self._file, _line(node)))


def _is_text(tag: str) -> bool:
    return tag is _PLAIN or tag is _TEXT or tag == _STR


def _shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _child(node: Node | None, part: str | int) -> tuple[Node, Node] | None:
    """Return the key and the value of a child, or the item twice; None where there is none."""
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if key.value == part:
            return key, value
    return _merged_child(node, part)


def _merged_child(node: MappingNode, part: str | int) -> tuple[Node, Node] | None:
    for key, value in node.value:
        if key.value == "<<":
            for each in value.value if isinstance(value, SequenceNode) else [value]:
                if (found := _child(each, part)) is not None:
                    return found
    return None


def _scalar(node: Node, word: str) -> Node | None:
    """Return the first scalar below a node, key or value, that is a word."""
    if isinstance(node, ScalarNode):
        return node if node.value == word else None
    pairs: list[Any] = node.value
    below = [each for pair in pairs for each in pair] if isinstance(node, MappingNode) else pairs
    return next((found for each in below if (found := _scalar(each, word)) is not None), None)
