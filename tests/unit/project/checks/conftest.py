from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mwaactl.project.bundle import Bundle, read_bundle

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]


@pytest.fixture
def bundle_of(tmp_path: Path) -> MakeBundle:
    """Writes files by their path below a project's root and reads them as a bundle."""

    def write_and_read(files: Mapping[str, str | bytes]) -> Bundle:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_bundle(tmp_path)

    return write_and_read
