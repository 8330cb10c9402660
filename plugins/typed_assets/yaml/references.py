"""`$ref`: the content of another file in place of a value; text of a SQL file, values of a YAML file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from typed_assets.spec.errors import Place, SpecError, nearest
from typed_assets.yaml.documents import Document, Path, read_document

REF = "$ref"
_YAML = {".yaml", ".yml", ".json"}
_DEEPEST, _MOST = 5, 200


@dataclass(frozen=True, slots=True)
class Folder:
    """What files can be read; paths are relative, with `/`.

    Attributes:
        read: gives a file's content, or None where there is none.
        names: gives the names of the files in a folder, for hints.
        at: gives a file's path as pipelines name it, for SQL files that are read when a task runs.
    """

    read: Callable[[str], bytes | None]
    names: Callable[[str], list[str]]
    at: Callable[[str], str] = str


@dataclass(slots=True)
class References:
    """Follows the references of one file.

    Attributes:
        folder: where files are.
        found: the documents that a path of the file leads into.
    """

    folder: Folder
    found: dict[Path, Document] = field(default_factory=dict)

    def followed(self, document: Document) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value of a document with all references followed.

        Raises:
            SpecError: a file is not there, lies outside, or refers to itself.
        """
        return self._value(document.value, (), (), document)

    def place(self, document: Document, path: Path, word: str | None = None) -> Place:
        """Return where a path leads, in the document or in one that it refers to."""
        for length in range(len(path), 0, -1):
            if (other := self.found.get(path[:length])) is not None:
                return other.place(path[length:], word)
        return document.place(path, word)

    def _value(self, value: Any, path: Path, inside: Path, within: Document) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, dict):
            if REF in value:
                return self._file(value, path, inside, within)
            return {
                key: self._value(each, (*path, key), (*inside, key), within) for key, each in value.items()
            }
        if isinstance(value, list):
            return [
                self._value(each, (*path, number), (*inside, number), within)
                for number, each in enumerate(value)
            ]
        return value

    def _file(self, value: Mapping[str, Any], path: Path, inside: Path, within: Document) -> Any:  # noqa: ANN401
        place = within.place((*inside, REF))
        name = value[REF]
        if len(value) != 1 or not isinstance(name, str):
            message = f"`{REF}` stands alone and names a file"
            raise SpecError(message, place=place)
        file, content = self.look_up(within.file, name, place)
        if PurePosixPath(file).suffix not in _YAML:
            return _text(content, name, place)
        if len(self.found) >= _MOST or sum(path[: len(known)] == known for known in self.found) >= _DEEPEST:
            message = f"`{name}` refers to itself, or to too many files"
            raise SpecError(message, place=place)
        other = self.found[path] = read_document(content, file)
        return self._value(other.value, path, (), other)

    def look_up(self, beside: str, name: str, place: Place) -> tuple[str, bytes]:
        """Return the path and the content of a file that is named beside another.

        Raises:
            SpecError: it is not there, or lies outside.
        """
        file = _joined(beside, name, place)
        content = self.folder.read(file)
        if content is None:
            message = f"there is no file `{name}`"
            raise SpecError(message, hint=self._nearest(file, name), place=place)
        return file, content

    def _nearest(self, file: str, name: str) -> str | None:
        parent = str(PurePosixPath(file).parent)
        shown = name.rpartition("/")[0]
        return nearest(name, [f"{shown}/{each}" if shown else each for each in self.folder.names(parent)])


def _joined(file: str, name: str, place: Place) -> str:
    """Return the path of a file that is named beside another."""
    parts: list[str] = []
    for part in (*PurePosixPath(file).parent.parts, *name.split("/")):
        if part == ".." and parts:
            parts.pop()
        elif part == ".." or name.startswith("/"):
            message = f"`{name}` lies outside of the DAG folder"
            raise SpecError(message, hint="write a path relative to this file", place=place)
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _text(content: bytes, name: str, place: Place) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        message = f"`{name}` is not UTF-8"
        raise SpecError(message, place=place) from None
