"""The columns of a Parquet file, from its footer alone: COPY takes them by their places, not by their names.

Neither DuckDB nor PyArrow is needed, and no more than the end of the file is read. The footer is a struct of
Thrift's compact protocol: https://parquet.apache.org/docs/file-format/metadata/ and
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from typed_assets.io.errors import DataError

_MAGIC = b"PAR1"
_TAIL = 8  # the footer's length in four bytes, then the magic word
_SCHEMA, _NAME, _CHILDREN = 2, 4, 5  # ids of fields
_STOP, _LONG = 0, 15


def parquet_columns(tail: Callable[[int], bytes], name: str) -> tuple[str, ...]:
    """Return the names of a file's columns, in its order.

    Args:
        tail: returns so many of the last bytes of the file.
        name: of the file, for messages.

    Raises:
        DataError: it is no Parquet file.
    """
    end = tail(_TAIL)
    if len(end) < _TAIL or not end.endswith(_MAGIC):
        message = f"{name} cannot be read as Parquet: it does not end as such a file does"
        raise DataError(message)
    length = int.from_bytes(end[:4], "little")
    try:
        metadata = _Compact(tail(length + _TAIL)[:length]).struct(until=_SCHEMA)
        return _columns(metadata[_SCHEMA])
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        message = f"{name} cannot be read as Parquet: its footer is damaged"
        raise DataError(message) from error


def _columns(schema: list[dict[int, Any]]) -> tuple[str, ...]:
    """The children of the root; each element is followed by its own children."""
    names, place = [], 1
    for _ in range(schema[0].get(_CHILDREN, 0)):
        names.append(schema[place][_NAME].decode())
        place = _after(schema, place)
    return tuple(names)


def _after(schema: list[dict[int, Any]], place: int) -> int:
    following = place + 1
    for _ in range(schema[place].get(_CHILDREN, 0)):
        following = _after(schema, following)
    return following


class _Compact:
    """Reads values of the compact protocol, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._readers: dict[int, Callable[[], Any]] = {
            **dict.fromkeys((1, 2, 3), self._byte),  # in a list, a boolean is a byte
            **dict.fromkeys((4, 5, 6), self._integer),
            7: partial(self._bytes, 8),
            8: lambda: self._bytes(self._unsigned()),
            **dict.fromkeys((9, 10), self._list),
            11: self._map,
            12: self.struct,
        }

    def struct(self, until: int | None = None) -> dict[int, Any]:
        """Return fields by their ids; the row groups behind the schema need not be read."""
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) != _STOP:
            delta, kind = head >> 4, head & _LONG
            number = number + delta if delta else self._integer()
            fields[number] = kind == 1 if kind in {1, 2} else self._value(kind)
            if number == until:
                break
        return fields

    def _value(self, kind: int) -> Any:  # noqa: ANN401 - whatever stands there
        return self._readers[kind]()

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 != _LONG else self._unsigned()
        return [self._value(head & _LONG) for _ in range(size)]

    def _map(self) -> dict[Any, Any]:
        size = self._unsigned()
        kinds = self._byte() if size else 0
        return {self._value(kinds >> 4): self._value(kinds & _LONG) for _ in range(size)}

    def _integer(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the bit that says: another one follows
                return value
            shift += 7

    def _byte(self) -> int:
        byte = self._data[self._at]
        self._at += 1
        return byte

    def _bytes(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise IndexError
        found = self._data[self._at : self._at + size]
        self._at += size
        return found
