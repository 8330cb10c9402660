"""Paths inside MWAA's containers that a requirements.txt may name, and what in the project they are."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

HOME = "/usr/local/airflow"
# plugins.zip and the DAG folder are unpacked there before pip runs; see "Managing Python dependencies in
# requirements.txt" in the MWAA user guide.
_SHIPPED = re.compile(rf"(?:file://)?{HOME}/(?P<path>(?:plugins|dags)(?:/[^\0]*)?)")


def shipped_path(place: str) -> str | None:
    """Returns the project's path for a container's, for example `plugins/wheels`.

    Args:
        place: A path or a `file://` address.

    Returns:
        None where nothing from the project is there.
    """
    bare = place.partition("#")[0].strip()
    match = _SHIPPED.fullmatch(unquote(bare) if bare.startswith("file:") else bare)
    if not match:
        return None
    path = PurePosixPath(match["path"])
    return None if ".." in path.parts else str(path)
