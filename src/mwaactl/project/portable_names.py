"""Names that a bucket, an archive and every operating system can hold."""

import unicodedata
from collections.abc import Iterable, Iterator

KEY_BYTES = 1024  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
SEGMENT_BYTES = 255  # longest name of one file or folder on Linux, macOS and Windows
_CONTROL = frozenset({"Cc", "Cf", "Zl", "Zp"})


def unportable_because(key: str) -> str | None:
    """Says why a name cannot be shipped, or None if it can.

    Args:
        key: Path below the project's root, with `/`, which is also the key in the bucket.

    Returns:
        Completes the sentence "… is not shipped: it …".
    """
    try:
        encoded = key.encode()
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    if not key.isprintable():
        return _unseen(key)
    if "\\" in key:
        return "has a backslash in its name, which unpacks as a folder"
    # The S3 console drops a dot at the end, and Windows both.
    if "./" in key or " /" in key or key.endswith((".", " ")):
        return "has a name that ends in a dot or a space"
    return _too_long(encoded) if len(encoded) > SEGMENT_BYTES else None


def same_name(key: str) -> str:
    """Returns what a name is where neither case nor the composition of accents counts.

    Two names with the same result are one file in a checkout on macOS or Windows.
    """
    if key.isascii():
        return key.lower()
    # Canonical caseless matching, https://www.unicode.org/versions/latest/core-spec/chapter-3/#G34145
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", key).casefold())


def collisions(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Finds names that cannot stand side by side: one file or folder in a checkout on macOS or Windows.

    Args:
        files: Paths with `/`; in order, if the result is to be in order.

    Yields:
        Two spellings of a file or folder, the one that came first and another one. They are equal where a
        path was given twice, or is that of a file and of a folder.
    """
    taken: dict[str, tuple[str, bool]] = {}
    told: set[str] = set()
    for file in files:
        for spelling, is_file in _places(file):
            name = same_name(spelling)
            first, was_file = taken.get(name, ("", False))
            if not first:
                taken[name] = (spelling, is_file)
            elif first != spelling or is_file or was_file:
                if spelling not in told:
                    yield first, spelling
                told.add(spelling)
                break


def _places(file: str) -> Iterator[tuple[str, bool]]:
    """Gives the folders above a file and the file itself, and whether it is the file."""
    parts = file.split("/")
    for depth in range(1, len(parts)):
        yield "/".join(parts[:depth]), False
    yield file, True


def printable(text: str) -> str:
    """Returns a name as it can be shown on a terminal: what it must not hold becomes an escape."""
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _too_long(encoded: bytes) -> str | None:
    if len(encoded) > KEY_BYTES:
        return "has a name that is too long for S3"
    too_long = any(len(segment) > SEGMENT_BYTES for segment in encoded.split(b"/"))
    return "has a name that is too long for a file" if too_long else None


def _escaped(character: str) -> str:
    # Python reads a byte that is no UTF-8 as one of these (PEP 383).
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def _unseen(key: str) -> str:
    if any(unicodedata.category(each) in _CONTROL for each in key):
        return "has control characters in its name"
    return "has characters in its name that cannot be seen"
