"""Paths of MWAA's containers that a requirements file may name, and where those files are here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HOME = "/usr/local/airflow"


@dataclass(frozen=True, slots=True)
class ContainerPaths:
    """What stands for `/usr/local/airflow` while an environment is prepared.

    Attributes:
        dags: The DAGs folder.
        plugins: The folder with the unpacked plugins.zip.
    """

    dags: Path
    plugins: Path

    def localised(self, text: str) -> str:
        """Return the text with the containers' paths replaced."""
        return text.replace(f"{_HOME}/plugins", str(self.plugins)).replace(f"{_HOME}/dags", str(self.dags))

    def digest_of_files(self, text: str) -> str:
        """Return what changes when files change that the text may refer to; empty if it refers to none."""
        if _HOME not in text:
            return ""
        digest = hashlib.sha256()
        for folder in (self.plugins, self.dags):
            for path in sorted(path for path in folder.rglob("*") if path.suffix in {".whl", ".txt", ".gz"}):
                digest.update(
                    f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
                )
        return digest.hexdigest()
