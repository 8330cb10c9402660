"""Under which names Airflow loads the files of the plugins folder."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.airflow_ignore import AIRFLOW_IGNORE, glob_matcher
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.reading import read_content


def loaded_plugin_files(bundle: Bundle, version: AirflowVersion) -> dict[str, str]:
    """Returns the files that Airflow loads as modules of their own.

    Airflow runs every Python file below the plugins folder, however deep, and enters it into `sys.modules`
    under its bare name: what is imported later under that name gets it. Only `.airflowignore` keeps a file
    from that (`_load_plugins_from_plugin_directory` in airflow/plugins_manager.py, the same in 2.10 to 3.3).

    Returns:
        Path below the plugins folder to the module's name, in order of paths.
    """
    ignored = _ignored(bundle, version)
    names = sorted(file.name for file in bundle.plugin_files if file.name.endswith(".py"))
    return {name: PurePosixPath(name).stem for name in names if not ignored(name)}


def _ignored(bundle: Bundle, version: AirflowVersion) -> Callable[[str], bool]:
    """Reads `.airflowignore`: patterns of .gitignore since Airflow 3, regular expressions before that."""
    found = next((file for file in bundle.plugin_files if file.name == AIRFLOW_IGNORE), None)
    if found is None:
        return lambda _: False
    text = read_content(found.path, f"{PLUGINS}/{AIRFLOW_IGNORE}").decode(errors="replace")
    if version.major >= 3:  # noqa: PLR2004 - the version that changed the default of dag_ignore_file_syntax
        return glob_matcher(text)
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    patterns = [pattern for line in lines if line and (pattern := _pattern(line))]
    return lambda name: any(pattern.search(name) for pattern in patterns)


def _pattern(line: str) -> re.Pattern[str] | None:
    """Airflow passes over what is no regular expression, with a warning."""
    try:
        return re.compile(line)
    except re.error:
        return None
