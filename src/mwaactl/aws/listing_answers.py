"""Reads the objects of a page of a list itself: for each of them botocore takes 0.2 ms.

That is most of what a long list costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from botocore.model import OperationModel

_OPERATION, _OBJECT, _TOLD, _CLASS = "ListObjectsV2", "Contents", ("Key", "ETag"), "StorageClass"


def take_contents(**event: Any) -> None:  # noqa: ANN401  what botocore gives to listeners
    """Take keys, ETags and storage classes out of an answer to ListObjectsV2; the rest is left to botocore.

    It is to be told of an answer after those who refuse what has not arrived whole. What is not as expected,
    botocore reads, or refuses, as it stands.

    Args:
        event: `operation_model`, what was asked; `response_dict`, the answer; `customized_response_dict`,
            what botocore adds to what it reads.
    """
    model: OperationModel = event["operation_model"]
    answer: dict[str, Any] = event["response_dict"]
    if model.name != _OPERATION or answer["status_code"] != 200:  # noqa: PLR2004
        return
    try:
        page = ET.fromstring(answer["body"])  # noqa: S314  as botocore reads it
    except ET.ParseError:
        return
    space = page.tag[: page.tag.find("}") + 1]
    listed = page.findall(f"{space}{_OBJECT}")
    found = [{name: each.findtext(f"{space}{name}") for name in (*_TOLD, _CLASS)} for each in listed]
    if not found or not all(each[name] for each in found for name in _TOLD):
        return
    page[:] = [each for each in page if each.tag != f"{space}{_OBJECT}"]
    answer["body"] = ET.tostring(page)
    event["customized_response_dict"][_OBJECT] = found
