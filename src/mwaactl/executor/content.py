"""Gives the content of what a bundle ships, by the key that it gets in the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file
from mwaactl.project.dags_zip import content_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.project.bundle import Bundle
    from mwaactl.project.dags_zip import DagsArchive


def content_of(bundle: Bundle, archive: DagsArchive | None = None) -> Callable[[str], bytes]:
    """Return a function from key to content; it refuses a file that has changed since the bundle was read.

    Args:
        bundle: What is shipped.
        archive: Its DAGs as one archive, where they are shipped so; files in it have keys too.
    """
    dags = {each.key: each for each in bundle.dags}
    contents = {each.key: each.content for each in bundle.artifacts}
    if archive is not None:
        contents[archive.key] = archive.content

    def read(key: str) -> bytes:
        if archive is not None and key in archive.dags:
            return content_within(archive.key, archive.content, key)
        return contents[key] if key in contents else read_dag_file(dags[key])

    return read
