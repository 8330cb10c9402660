"""The Python that parses: Airflow's own packages for MWAA, and what requirements.txt adds to them."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.reading import digest_of
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.installer_command import AIRFLOW_FILE, ESSENTIAL_FILE, install_arguments
from mwaactl.project.requirements_file import requirement_lines

# The rule that says why a runtime lacks the requirements.
LACKING = "requirements-runtime"
_HOME = "/usr/local/airflow"
_SECONDS = 900.0
_MOST = 6
_COULD_NOT_ASK = ("Failed to fetch", "error sending request", "could not be queried", "network was disabled")
_NAMED = (".whl", ".txt", ".gz", ".zip")


@dataclass(frozen=True, slots=True)
class Runtime:
    """A Python with Airflow.

    Attributes:
        python: The interpreter.
        lacks: Why the project's requirements are not in it, in the installer's words; None where they are.
    """

    python: Path
    lacks: str | None = None


def runtime_digest(bundle: Bundle, environments: CleanEnvironments) -> str:
    """Returns what tells the packages of a project's runtime from any other."""
    parts = [environments.digest, environments.packages.essential_constraints]
    if bundle.requirements and _installs(bundle.requirements.content):
        parts.append(bundle.requirements.sha256)
        if _HOME.encode() in bundle.requirements.content:
            named = [(f"plugins/{file.name}", file.path) for file in bundle.plugin_files]
            named += [(file.key, file.path) for file in bundle.dags]
            parts += [f"{name} {digest_of(path, name)[0]}" for name, path in named if name.endswith(_NAMED)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def runtime_of(bundle: Bundle, environments: CleanEnvironments) -> Runtime:
    """Builds the runtime of a project, or finds the one that was kept.

    Raises:
        ProjectError: Airflow's own packages cannot be installed, or the registry could not be asked.
    """
    if bundle.requirements is None or not _installs(bundle.requirements.content):
        return Runtime(environments.kept() / "bin" / "python")
    version = environments.packages.version.version
    prefix = f"requirements-{version}-"
    final = environments.folder / f"{prefix}{runtime_digest(bundle, environments)}"
    if (final / "bin" / "python").exists():
        final.touch()
        return Runtime(final / "bin" / "python")
    with environments.fresh() as python:
        if said := _install(bundle, python, environments):
            return Runtime(environments.kept() / "bin" / "python", said)
        _keep(python, final)
    return Runtime(final / "bin" / "python")


def _installs(content: bytes) -> bool:
    return any(not line.is_option for line in requirement_lines(content))


def _install(bundle: Bundle, python: Path, environments: CleanEnvironments) -> str | None:
    """Install with uv what pip would: the trial of the requirements is not repeated here.

    Returns:
        What went wrong; None if nothing did.
    """
    if bundle.requirements is None:
        return None
    here, packages, uv = python.parent, environments.packages, environments.uv
    try:
        text = bundle.requirements.content.decode()
    except UnicodeDecodeError as error:
        return str(error)
    for folder in ("plugins", "dags"):
        text = text.replace(f"{_HOME}/{folder}", str(bundle.root / folder))
    (here / "requirements.txt").write_text(text, encoding="utf-8")
    (here / ESSENTIAL_FILE).write_text(packages.essential_constraints, encoding="utf-8")
    (here / AIRFLOW_FILE).write_text(packages.airflow_constraints, encoding="utf-8")
    command = [uv.executable, "pip", *install_arguments(text), "--python", str(python / "bin" / "python")]
    done = uv.run(
        [*command, *uv.arguments, "--quiet", "--color", "never"],
        cwd=here,
        environ=uv.environ,
        timeout=_SECONDS,
    )
    said = " ".join(done.output.split()) or "uv gave no reason"
    if done.code != 0 and any(words in said for words in _COULD_NOT_ASK):
        message = f"the requirements could not be installed for parsing the DAG files: {said}"
        hint = "see whether the package registry can be reached; `--static` needs none"
        raise ProjectError(message, path=REQUIREMENTS, hint=hint, code="project.requirements-unresolved")
    return None if done.code == 0 else said


def _keep(python: Path, final: Path) -> None:
    """Move an environment to where it is kept, and forget the ones not used for longest."""
    try:
        python.rename(final)
    except OSError as error:
        if not (final / "bin" / "python").exists():
            message = f"the runtime cannot be kept: {error.strerror}"
            raise ProjectError(message, path=str(final), code="project.runtime") from error
    kept = sorted(final.parent.glob("requirements-*-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[_MOST:]:
        shutil.rmtree(old, ignore_errors=True)
