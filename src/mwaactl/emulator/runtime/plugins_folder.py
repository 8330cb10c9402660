"""Where Airflow looks for plugins: in the generation's own folder, unless the environment leads it away.

MWAA fills /usr/local/airflow/plugins, where Airflow looks by default, and takes an option or a variable of
the startup script that names another folder, in which Airflow then finds nothing. So nothing forces it here:
https://github.com/aws/amazon-mwaa-docker-images, `python/mwaa/config/airflow.py` of 2.11.2 and of 3.0.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "AIRFLOW__CORE__PLUGINS_FOLDER"
_HOMES = ("/usr/local/airflow", "$AIRFLOW_HOME", "${AIRFLOW_HOME}")


def plugins_folder(named: str | None, home: Path, plugins: Path) -> str:
    """Return the folder that a process of one generation is given.

    Args:
        named: What startup script or option say; None where neither does.
        home: The environment's AIRFLOW_HOME, which generations share.
        plugins: The generation's unpacked plugins.zip, for another generation may run beside it.
    """
    if not named:
        return str(plugins)
    for each in (*_HOMES, str(home)):
        rest = named.removeprefix(f"{each}/plugins")
        if rest != named and (not rest or rest.startswith("/")):
            return f"{plugins}{rest}"
    return named
