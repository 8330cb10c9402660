"""Gives the content of what a bundle ships, by the key that it gets in the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.project.bundle import Bundle


def content_of(bundle: Bundle) -> Callable[[str], bytes]:
    """Return a function from key to content; it refuses a file that has changed since the bundle was read."""
    dags = {each.key: each for each in bundle.dags}
    artifacts = {each.key: each.content for each in bundle.artifacts}

    def read(key: str) -> bytes:
        return artifacts[key] if key in artifacts else read_dag_file(dags[key])

    return read
