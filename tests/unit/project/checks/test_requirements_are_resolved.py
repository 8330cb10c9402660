from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mwaactl.catalog.versions import AirflowVersion, airflow_version
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_resolve import RequirementsResolve
from mwaactl.project.checks.run import check_bundle
from mwaactl.project.uv_compile import Compilation, UvCompiler

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
type Explain = Callable[[str, str], Finding]

REFUSED_LOGIN = (
    "\n\nhint: An index URL (x) could not be queried due to a lack of valid authentication credentials"
)
OFFLINE = "\n\nhint: Packages were unavailable because the network was disabled."


def _unsolvable(*reasons: str) -> str:
    """What uv 0.13.9 says where there is no solution."""
    told = "\n     And because ".join(reasons)
    return (
        f"error: No solution found when resolving dependencies\n  cause: Because {told}, "
        "we can conclude that your requirements are unsatisfiable."
    )


@dataclass
class ScriptedCompiler:
    """Answers what it is told to, and keeps what it was asked."""

    explanation: str | None = None
    asked: list[bytes] = field(default_factory=list)

    def compile(self, requirements: bytes, version: AirflowVersion) -> Compilation:
        assert version.version == "3.3.1"
        self.asked.append(requirements)
        return Compilation(self.explanation is None, self.explanation or "")


@pytest.fixture
def explain(bundle_of: MakeBundle) -> Explain:
    def check_and_take(requirements: str, explanation: str) -> Finding:
        bundle = bundle_of({"requirements/requirements.txt": requirements})
        (found,) = RequirementsResolve(ScriptedCompiler(explanation))(bundle, airflow_version("3.3.1"))
        assert (found.rule, found.severity, found.path) == (
            "requirements-resolve",
            "error",
            "requirements/requirements.txt",
        )
        return found

    return check_and_take


def test_a_package_that_does_not_exist_is_named(explain: Explain) -> None:
    found = explain(
        "requests==2.34.2\nno-such-pkg==1.0\n",
        _unsolvable("no-such-pkg was not found in the package registry and you require no-such-pkg==1.0"),
    )
    assert found.message == "`no-such-pkg` does not exist in the package registry"
    assert found.line == 2


def test_a_dependency_that_does_not_exist_is_named_without_a_line(explain: Explain) -> None:
    found = explain(
        "mine==1.0\n",
        _unsolvable("gone was not found in the package registry and mine==1.0 depends on gone"),
    )
    assert found.message == "`gone` does not exist in the package registry, but a requirement depends on it"
    assert found.line is None


def test_a_version_that_does_not_exist_is_named(explain: Explain) -> None:
    found = explain(
        "Polars==99.0\n",
        _unsolvable("there is no version of polars==99.0 and you require polars==99.0"),
    )
    assert found.message == "`polars==99.0` does not exist: no such version was published"


def test_a_conflict_with_what_mwaa_has_names_both_versions(explain: Explain) -> None:
    found = explain("boto3==1.20.0\n", _unsolvable("you require boto3==1.20.0 and boto3==1.43.56"))
    assert (
        found.message
        == "`boto3==1.20.0` cannot be installed beside Airflow 3.3.1 on MWAA, which has boto3==1.43.56"
    )


def test_a_conflict_of_a_dependency_names_the_requirement_that_brings_it(explain: Explain) -> None:
    found = explain(
        "requests==2.34.2\nkombu==5.0.0\n",
        _unsolvable(
            "amqp>=2.6.0,<=2.6.1 depends on vine>=1.1.3,<5.0.0a1 and vine==5.1.0, we can conclude that "
            "amqp>=2.6.0,<=2.6.1 cannot be used.",
            "kombu==5.0.0 depends on amqp>=2.6.0,<2.7 and you require kombu==5.0.0",
        ),
    )
    assert found.line == 2
    assert found.message.startswith("`kombu==5.0.0` cannot be installed beside Airflow 3.3.1 on MWAA: amqp")
    assert "depends on vine" in found.message


def test_two_versions_of_one_package_contradict_each_other(explain: Explain) -> None:
    found = explain("a==1\nb==1\na==2\n", _unsolvable("you require a==1 and a==2"))
    assert found.line == 3
    assert found.message == "`a==2` contradicts `a==1` in line 1"


def test_a_line_that_pip_cannot_read_is_told(explain: Explain) -> None:
    found = explain(
        "a b\n", "error: Couldn't parse requirement in `r.txt` at position 0\n  cause: Expected `@`\n   a b"
    )
    assert found.message == "has a line that pip cannot read: Expected `@`"


@pytest.mark.parametrize(
    "explanation",
    [
        "error: Request failed after 3 retries\n  cause: Failed to fetch\n  cause: Connection refused",
        _unsolvable("a was not found in the cache and you require a==1") + OFFLINE,
        _unsolvable("a was not found in the package registry and you require a==1") + REFUSED_LOGIN,
        "error: Failed to build `a==1`",
        "",
    ],
)
def test_not_having_been_able_to_ask_is_never_a_missing_package(explain: Explain, explanation: str) -> None:
    with pytest.raises(ProjectError, match="could not be resolved") as caught:
        explain("a==1\n", explanation)
    assert caught.value.code == "project.requirements-unresolved"
    assert caught.value.hint


def test_what_can_be_installed_is_no_finding(bundle_of: MakeBundle) -> None:
    compiler = ScriptedCompiler()
    bundle = bundle_of({"requirements/requirements.txt": "requests==2.34.2\n"})
    assert check_bundle(bundle, "3.3.1", compiler=compiler) == ()
    assert compiler.asked == [b"requests==2.34.2\n"]


def test_wheels_shipped_with_the_plugins_are_looked_for_here(bundle_of: MakeBundle) -> None:
    compiler = ScriptedCompiler()
    bundle = bundle_of(
        {"requirements/requirements.txt": "--find-links /usr/local/airflow/plugins\nmine==1.0\n"}
    )
    check_bundle(bundle, "3.3.1", compiler=compiler)
    assert compiler.asked == [f"--find-links {bundle.root.as_uri()}/plugins\nmine==1.0\n".encode()]


def test_the_registry_is_not_asked_about_what_is_wrong_already(bundle_of: MakeBundle) -> None:
    compiler = ScriptedCompiler("error: never asked")
    found = check_bundle(
        bundle_of({"requirements/requirements.txt": "requests\n"}), "3.3.1", compiler=compiler
    )
    assert [each.rule for each in found] == ["requirements-pinned"]
    assert compiler.asked == []


def test_findings_come_by_path_and_line(bundle_of: MakeBundle) -> None:
    bundle = bundle_of(
        {
            "startup/startup.sh": "set -e\nexport AIRFLOW_HOME=x\n",
            "requirements/requirements.txt": "b\na\n",
            "dags/a.py": "x = (\n",
            "plugins/json.py": "",
        }
    )
    assert [(each.path, each.line) for each in check_bundle(bundle, "3.3.1")] == [
        ("dags/a.py", 1),
        ("plugins/json.py", None),
        ("requirements/requirements.txt", 1),
        ("requirements/requirements.txt", 2),
        ("startup/startup.sh", 1),
        ("startup/startup.sh", 2),
    ]


def _program(folder: Path, script: str) -> str:
    path = folder / "uv-of-this-test"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def test_uv_gets_the_lock_the_essential_pins_and_the_environment_s_python(tmp_path: Path) -> None:
    told = 'echo "$@" >&2; for each in "$@"; do [ -f "$each" ] && grep "==" "$each" >&2; done; exit 1'
    uv = _program(tmp_path, told)
    answer = UvCompiler(uv).compile(b"requests==2.34.2\n", airflow_version("2.10.3"))
    assert not answer.solved
    assert "--python-version 3.11 --python-platform x86_64-manylinux_2_34" in answer.explanation
    assert "requests==2.34.2" in answer.explanation
    assert "boto3==1.35.36" in answer.explanation
    assert "fluent-logger==0.11.1" in answer.explanation


def test_uv_that_succeeds_means_solved(tmp_path: Path) -> None:
    assert UvCompiler(_program(tmp_path, "exit 0")).compile(b"", airflow_version("3.3.1")).solved


def test_no_uv_is_an_error_with_a_remedy() -> None:
    with pytest.raises(ProjectError, match="there is no `uv-of-nowhere`") as caught:
        UvCompiler("uv-of-nowhere").compile(b"", airflow_version("3.3.1"))
    assert caught.value.code == "project.no-uv"


def test_uv_that_takes_too_long_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="within 0 seconds"):
        UvCompiler(_program(tmp_path, "exec sleep 5"), timeout=0.1).compile(b"", airflow_version("3.3.1"))
