"""Whether a value has been seen before, without holding all values in memory."""

import hashlib
import sqlite3
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Self

from typed_assets.spec.values import Value

_CACHE_KIB = 64 * 1024
_CREATE = "CREATE TABLE seen (rule INTEGER, digest BLOB, PRIMARY KEY (rule, digest)) WITHOUT ROWID"
_ADD = "INSERT OR IGNORE INTO seen VALUES (?, ?)"


class Distinct:
    """Remembers values by a hash of 16 bytes each, in a private file of SQLite that goes with the object.

    Memory stays at 64 MB, however many values there are; the disk holds about 30 bytes for each. Two values
    with the same hash (BLAKE2b, 128 bits) are not to be expected in any number of rows.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)  # https://sqlite.org/inmemorydb.html
        for pragma in (f"cache_size = -{_CACHE_KIB}", "journal_mode = OFF", "synchronous = OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(_CREATE)
        self._connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def is_new(self, rule: int, values: tuple[Value, ...]) -> bool:
        """Return whether these values come for the first time for a rule, and remember them."""
        digest = hashlib.blake2b(canonical(values).encode(errors="surrogatepass"), digest_size=16).digest()
        return self._connection.execute(_ADD, (rule, digest)).rowcount == 1


def canonical(values: tuple[Value, ...]) -> str:
    """Return a text that is the same for values that Redshift takes for equal, and for no others.

    Blanks at the end of text do not count there:
    https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
    """
    return "\x1f".join(_canonical(value).replace("\\", "\\\\").replace("\x1f", "\\u") for value in values)


def _canonical(value: Value) -> str:
    match value:
        case str():
            return value.rstrip(" ")
        case Decimal():
            return format(value.normalize() + 0, "f")
        case float():
            return repr(value + 0.0)  # -0.0 is 0.0
        case date():
            return value.isoformat()
        case _:
            return str(value)
