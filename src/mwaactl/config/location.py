"""Where a project's mwaactl.toml lies; known long before it is read, so this module imports little."""

from pathlib import Path

from mwaactl.errors import ConfigError

CONFIG_FILE = "mwaactl.toml"


def find_config(directory: Path) -> Path:
    """Looks for mwaactl.toml in a folder and in those above it.

    Raises:
        ConfigError: There is none, or the folder is gone.
    """
    try:
        start = directory.resolve()
    except FileNotFoundError as error:
        message = "the working directory does not exist any more"
        raise ConfigError(
            message, hint="change into the project's folder", code="config.not-found"
        ) from error
    for folder in (start, *start.parents):
        if (file := folder / CONFIG_FILE).is_file():
            return file
    message = f"no `{CONFIG_FILE}` in `{start}` or above it"
    raise ConfigError(message, hint="run mwaactl inside a project", code="config.not-found")
