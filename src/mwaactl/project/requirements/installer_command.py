"""The pip command of MWAA's images.

From their public source: github.com/aws/amazon-mwaa-docker-images, python/mwaa/utils/user_requirements.py.
"""

import re
from collections.abc import Mapping

from mwaactl.project.wheel_name import GLIBC_MINOR

ESSENTIAL_FILE = "essential.txt"
AIRFLOW_FILE = "airflow.txt"
# A comment counts too: `# --constraint x` switches Airflow's constraints off.
_NAMES_CONSTRAINTS = re.compile(r"-c |--constraint ")
# How the registry is reached is the machine's business; all else that pip takes from variables is not MWAA's.
_REACHING = (
    "PIP_INDEX_URL", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_PROXY", "PIP_DEFAULT_TIMEOUT",
    "PIP_TRUSTED_HOST", "PIP_KEYRING_PROVIDER",
)  # fmt: skip
_FOREIGN = ("PIP_", "PYTHON", "VIRTUAL_ENV", "CONDA_", "UV_")
_CLEAN: Mapping[str, str] = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_RETRIES": "3",  # not 0: pip tells of a registry that does not answer only where it tries again
    "NO_COLOR": "1",
}


def worker_platform(python: str) -> tuple[str, ...]:
    """Returns what makes pip take wheels for MWAA's workers, whatever machine and Python run it.

    Args:
        python: Minor version of the worker's Python, for example `3.12`.
    """
    platforms = (f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC_MINOR, 4, -1))
    older = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64")
    names = (word for name in (*platforms, *older) for word in ("--platform", name))
    return ("--only-binary", ":all:", "--python-version", python, "--implementation", "cp", *names)


def install_arguments(requirements: str) -> tuple[str, ...]:
    """Returns what MWAA gives to pip for a requirements.txt; the constraints files lie beside it."""
    command = ("install", "--constraint", ESSENTIAL_FILE, "-r", "requirements.txt")
    forced = not any(_NAMES_CONSTRAINTS.search(line) for line in requirements.splitlines())
    return (*command, "-c", AIRFLOW_FILE) if forced else command


def clean_environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the variables for pip: this machine's, without what would change which packages it takes."""
    kept = {
        name: value for name, value in environ.items() if name in _REACHING or not name.startswith(_FOREIGN)
    }
    return {**kept, **_CLEAN}
