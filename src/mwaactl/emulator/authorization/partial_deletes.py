"""DeleteObjects of keys that the caller may delete and of others: S3 answers for each key by itself.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mwaactl.emulator.wire_errors import WireError

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_TAG = f"{{{_NAMESPACE}}}"


type Deletion = tuple[str, bool]
"""A key, and whether one version of it is named, which takes another permission."""


def delete_what_is_allowed(
    denied: Mapping[Deletion, WireError],
    services: WSGIApplication,
    environ: WSGIEnvironment,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """Pass the other keys on and add an error per denied key to the answer.

    Args:
        denied: What may not be deleted, and why.
        services: What answers the request.
        environ: The request.
        start_response: Begins the answer.
    """
    ET.register_namespace("", _NAMESPACE)  # else it is written with a prefix, which moto does not read
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    wanted = ET.fromstring(body)  # noqa: S314 - a client of this machine sends it to itself
    objects = [each for each in wanted if _local(each) == "Object"]
    refused = [(each, denied[deletion]) for each in objects if (deletion := _deletion(each)) in denied]
    for each, _ in refused:
        wanted.remove(each)
    if len(refused) < len(objects):
        answered = _passed_on(wanted, services, environ)
    else:
        answered = ET.Element(f"{_TAG}DeleteResult")
    for each, error in refused:
        answered.append(_error(_text(each, "Key"), _text(each, "VersionId"), error))
    payload = ET.tostring(answered, encoding="utf-8", xml_declaration=True)
    start_response("200 OK", [("Content-Type", "application/xml"), ("Content-Length", str(len(payload)))])
    return [payload]


def _deletion(element: ET.Element) -> Deletion:
    return _text(element, "Key"), bool(_text(element, "VersionId"))


def _passed_on(wanted: ET.Element, services: WSGIApplication, environ: WSGIEnvironment) -> ET.Element:
    content = ET.tostring(wanted, encoding="utf-8")
    # The digests of the request are those of the whole list.
    kept = {name: value for name, value in environ.items() if not _is_digest(name)}
    forwarded: Any = {**kept, "wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(len(content))}
    body = b"".join(services(forwarded, lambda *_: lambda _data: None))
    return ET.fromstring(body)  # noqa: S314 - our own answer


def _is_digest(name: str) -> bool:
    return name == "HTTP_CONTENT_MD5" or name.startswith(("HTTP_X_AMZ_CHECKSUM", "HTTP_X_AMZ_SDK_CHECKSUM"))


def _error(key: str, version: str, error: WireError) -> ET.Element:
    element = ET.Element(f"{_TAG}Error")
    for name, value in (
        ("Key", key),
        ("VersionId", version),
        ("Code", error.code),
        ("Message", error.message),
    ):
        if value:
            ET.SubElement(element, f"{_TAG}{name}").text = value
    return element


def _text(element: ET.Element, name: str) -> str:
    return next((each.text or "" for each in element if _local(each) == name), "")


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
