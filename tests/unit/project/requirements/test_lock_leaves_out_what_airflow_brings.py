import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.requirements.lock import Lock, compile_lock
from mwaactl.project.requirements.lock_text import Pin, render_lock
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements.process import Completed, OnLine
from mwaactl.project.requirements.uv import Uv

AIRFLOW = package_set("3.3.1")
ONE, TWO = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


@dataclass(slots=True)
class ScriptedUv:
    """Writes what it was told to have resolved, and keeps what it was given."""

    compiled: str = ""
    code: int | None = 0
    said: str = ""
    argv: Sequence[str] = ()
    files: dict[str, str] = field(default_factory=dict)

    def __call__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        assert on_line is None
        assert environ == {"SHELL": "sh"}
        assert timeout > 0
        self.argv = argv
        self.files = {path.name: path.read_text() for path in cwd.iterdir()}
        (cwd / argv[argv.index("--output-file") + 1]).write_text(self.compiled)
        return Completed(self.code, self.said, 0.1)


def _lock(uv: ScriptedUv, source: str = "solo\n", before: str = "", *, upgrade: bool = False) -> Lock:
    return compile_lock(source.encode(), before, AIRFLOW, Uv(uv, {"SHELL": "sh"}), upgrade=upgrade)


def test_a_package_of_airflow_s_own_set_gets_no_line() -> None:
    amqp = AIRFLOW.pins["amqp"]
    made = _lock(
        ScriptedUv(
            f"amqp=={amqp} \\\n    --hash={ONE}\nsolo==1.0 \\\n    --hash={TWO} \\\n    --hash={ONE}\n"
        )
    )
    assert made.pins == (Pin("solo", "1.0", (ONE, TWO)),)
    assert made.provided == (Pin("amqp", amqp, (ONE,)),)
    assert made.text.endswith(f"\nsolo==1.0 \\\n    --hash={ONE} \\\n    --hash={TWO}\n")


def test_no_line_of_the_lock_switches_mwaa_s_constraints_off() -> None:
    text = render_lock([Pin("solo-c", "1.0", (ONE,))], AIRFLOW.version)
    assert not re.search(r"-c |--constraint ", text)


def test_uv_gets_the_set_the_essential_pins_and_the_present_versions() -> None:
    uv = ScriptedUv("solo==1.0\n")
    _lock(uv, before="solo==1.0\n")
    assert uv.files["requirements.txt"] == "solo==1.0\n"
    assert "pandas==3.0.5\n" in uv.files["airflow.txt"]
    assert "--hash" not in uv.files["airflow.txt"]
    assert "apache-airflow==3.3.1\n" in uv.files["installed.txt"]
    assert "celery==5.6.3\n" in uv.files["essential.txt"]
    assert uv.argv[uv.argv.index("--python-version") + 1] == "3.12"


def test_an_upgrade_forgets_the_present_versions() -> None:
    uv = ScriptedUv("solo==1.0\n")
    _lock(uv, before="solo==0.9\n", upgrade=True)
    assert uv.files["requirements.txt"] == ""


@pytest.mark.parametrize(
    "line", ["--extra-index-url https://x", "-c other.txt", "https://x/solo.whl", "solo @ https://x/solo.whl"]
)
def test_what_is_no_name_is_refused_before_uv_runs(line: str) -> None:
    uv = ScriptedUv()
    with pytest.raises(ProjectError, match=r"line 2: .* cannot be locked"):
        _lock(uv, f"solo\n{line}\n")
    assert uv.argv == ()


def test_a_conflict_names_the_line_of_requirements_in() -> None:
    explanation = (
        "  x No solution found when resolving dependencies:\n"
        "  `-> Because you require boto3<1.40 and boto3==1.43.56, we can conclude that your requirements are "
        "unsatisfiable."
    )
    with pytest.raises(ProjectError) as caught:
        _lock(ScriptedUv(code=1, said=explanation), "solo\nboto3<1.40\n")
    assert caught.value.message.startswith(
        "`requirements/requirements.in` line 2: `boto3<1.40` cannot be installed beside Airflow 3.3.1 on"
        " MWAA, which has boto3==1.43.56"
    )


def test_uv_that_does_not_end_is_an_error() -> None:
    with pytest.raises(ProjectError, match="took too long"):
        _lock(ScriptedUv(code=None))
