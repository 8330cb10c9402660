"""Layers: what a function finds under `/opt` on AWS, and below a folder of its own here.

https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LayerVersion

MOST_LAYERS = 5
UNPACKED_LIMIT = 262_144_000
"""Bytes of a function and its layers, unpacked: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

_SEGMENTS = 7


@dataclass(frozen=True, slots=True)
class LayerContent:
    """One version of a layer that a function uses.

    Attributes:
        arn: ARN of the version.
        sha256: digest of the zip file, as Lambda reports it.
        code: the zip file.
    """

    arn: str
    sha256: str
    code: bytes = field(compare=False, repr=False)


def content_of(version: LayerVersion) -> LayerContent:
    """Return what a function keeps of a layer's version, which outlives the version."""
    return LayerContent(version.arn, version.code_sha_256, version.code_bytes)


def refuse_content(version: LayerVersion) -> None:
    """Refuse a layer that is no zip file or too large.

    Raises:
        InvalidParameterValueException: saying so.
    """
    if refuse_unreadable(version.code_bytes) > UNPACKED_LIMIT:
        _refuse(f"Unzipped size must be smaller than {UNPACKED_LIMIT} bytes")


def refuse_unreadable(content: bytes) -> int:
    """Refuse what is no zip file; return how many bytes one holds.

    Raises:
        InvalidParameterValueException: saying so.
    """
    size = unpacked_size(content)
    if size is None:
        _refuse("Could not unzip uploaded file. Please check your file, then try to upload again.")
    return size


def layers_of(arns: Sequence[str], find: Callable[[str], LayerVersion | None]) -> list[LayerVersion]:
    """Return the versions that a function names.

    Args:
        arns: their ARNs.
        find: returns a version by its ARN; None if there is none.

    Raises:
        InvalidParameterValueException: the list is too long, names a layer twice or one that does not exist.
    """
    if len(arns) > MOST_LAYERS:
        _refuse(f"Cannot reference more than {MOST_LAYERS} layers.")
    if len({arn.rpartition(":")[0] for arn in arns}) < len(arns):
        _refuse(
            "Two different versions of the same layer are not allowed to be referenced in the same function."
        )
    found = {arn: find(arn) for arn in arns if arn.count(":") == _SEGMENTS}
    if missing := [arn for arn in arns if found.get(arn) is None]:
        _refuse(f"Layer version {missing[0]} does not exist.")
    return [version for version in found.values() if version]


def refuse_size(code: bytes, layers: Sequence[LayerContent]) -> None:
    """Refuse a function that is too large together with its layers.

    Raises:
        InvalidParameterValueException: naming both sizes.
    """
    size = sum(unpacked_size(each) or 0 for each in (code, *(layer.code for layer in layers)))
    if size > UNPACKED_LIMIT:
        _refuse(
            f"Function code combined with layers exceeds the maximum allowed size of {UNPACKED_LIMIT} bytes. "
            f"The actual size is {size} bytes."
        )


def unpacked_size(code: bytes) -> int | None:
    """Return how many bytes a zip file holds; None if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as package:
            return sum(each.file_size for each in package.infolist())
    except zipfile.BadZipFile:
        return None


def _refuse(reason: str) -> NoReturn:
    raise InvalidParameterValueException(reason)
