"""macOS and ARM cannot install the wheels of a private environment; pip can still say what it would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.installation import Installation, InstalledPackage, install
from mwaactl.project.requirements.installation_findings import installation_findings
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements.process import Completed, OnLine
from mwaactl.project.requirements.uv import Uv

PACKAGED = "--no-index\n--find-links /usr/local/airflow/plugins/wheels\nsolo==1.0\n"


@dataclass(slots=True)
class ScriptedPip:
    """Says what pip says, and keeps how it was called."""

    argv: Sequence[str] = ()
    requirements: str = field(default="", init=False)

    def __call__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        assert (timeout, on_line, environ["PIP_CONFIG_FILE"]) == (540, None, "/dev/null")
        self.argv = argv
        self.requirements = (cwd / "requirements.txt").read_text()
        assert (cwd / "plugins" / "wheels").is_dir()
        return Completed(0, "Processing x\nWould install My_Solo-1.0 pair-two-2.0.post1\n", 1.0)


@pytest.fixture
def pip() -> ScriptedPip:
    return ScriptedPip()


def _install(root: Path, pip: ScriptedPip, text: str, *, native: bool) -> Installation:
    packages = package_set("3.3.1")
    environments = CleanEnvironments(root / "checks", Uv(pip, {}), packages, "pip==1\n", native=native)
    python = environments.folder / f"airflow-3.3.1-{environments.digest}" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (root / "plugins" / "wheels").mkdir(parents=True)
    return install(text, {"plugins": root / "plugins"}, environments)


def test_another_machine_asks_pip_for_a_worker_s_wheels(tmp_path: Path, pip: ScriptedPip) -> None:
    done = _install(tmp_path, pip, PACKAGED, native=False)
    assert done.packages == (
        InstalledPackage("my-solo", "1.0", 0),
        InstalledPackage("pair-two", "2.0.post1", 0),
    )
    asked = " ".join(pip.argv[pip.argv.index("--dry-run") :])
    assert asked.startswith(
        "--dry-run --only-binary :all: --python-version 3.12 --implementation cp --platform"
    )
    assert "--platform manylinux_2_34_x86_64" in asked
    assert "--platform manylinux_2_35_x86_64" not in asked
    (found,) = installation_findings(done, (), package_set("3.3.1"))
    assert (found.rule, found.severity) == ("requirements-platform", "warning")


@pytest.mark.parametrize(("text", "native"), [(PACKAGED, True), ("solo==1.0\n", False)])
def test_what_this_machine_can_install_is_installed(
    tmp_path: Path, pip: ScriptedPip, text: str, *, native: bool
) -> None:
    assert _install(tmp_path, pip, text, native=native).packages == ()
    assert "--dry-run" not in pip.argv


def test_the_folders_of_the_containers_are_beside_the_file(tmp_path: Path, pip: ScriptedPip) -> None:
    _install(tmp_path, pip, PACKAGED + "mine @ file:///usr/local/airflow/plugins/mine.whl\n", native=True)
    plugins = tmp_path / "plugins"
    assert pip.requirements == (
        f"--no-index\n--find-links plugins/wheels\nsolo==1.0\nmine @ {plugins.as_uri()}/mine.whl\n"
    )
