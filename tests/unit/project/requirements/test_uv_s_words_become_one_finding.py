"""What uv 0.13 writes, as it wrote it."""

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.errors import ProjectError
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements.uv_failure import explain_failure
from mwaactl.project.requirements_file import requirement_lines

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


def explain(requirements: str, explanation: str) -> Finding:
    found = explain_failure(explanation, requirement_lines(requirements.encode()), airflow_version("3.3.1"))
    assert (found.severity, found.path) == ("error", "requirements/requirements.txt")
    return found


def test_a_package_that_does_not_exist_is_named() -> None:
    found = explain(
        "requests==2.34.2\nno-such-pkg==1.0\n",
        _unsolvable("no-such-pkg was not found in the package registry and you require no-such-pkg==1.0"),
    )
    assert found.message == "`no-such-pkg` does not exist in the package registry"
    assert found.line == 2


def test_a_dependency_that_does_not_exist_is_named_without_a_line() -> None:
    found = explain(
        "mine==1.0\n",
        _unsolvable("gone was not found in the package registry and mine==1.0 depends on gone"),
    )
    assert found.message == "`gone` does not exist in the package registry, but a requirement depends on it"
    assert found.line is None


def test_a_version_that_does_not_exist_is_named() -> None:
    found = explain(
        "Polars==99.0\n",
        _unsolvable("there is no version of polars==99.0 and you require polars==99.0"),
    )
    assert found.message == "`polars==99.0` does not exist: no such version was published"


def test_a_conflict_with_what_mwaa_has_names_both_versions() -> None:
    found = explain("boto3==1.20.0\n", _unsolvable("you require boto3==1.20.0 and boto3==1.43.56"))
    assert (
        found.message
        == "`boto3==1.20.0` cannot be installed beside Airflow 3.3.1 on MWAA, which has boto3==1.43.56"
    )


def test_a_conflict_of_a_dependency_names_the_requirement_that_brings_it() -> None:
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


def test_two_versions_of_one_package_contradict_each_other() -> None:
    found = explain("a==1\nb==1\na==2\n", _unsolvable("you require a==1 and a==2"))
    assert found.line == 3
    assert found.message == "`a==2` contradicts `a==1` in line 1"


def test_a_line_that_allows_every_version_contradicts_none() -> None:
    found = explain("a\na==1\na==2\n", _unsolvable("you require a==1 and a==2"))
    assert (found.line, found.message) == (3, "`a==2` contradicts `a==1` in line 2")

    beside = explain("boto3\nboto3==1.20.0\n", _unsolvable("you require boto3==1.20.0 and boto3==1.43.56"))
    assert beside.line == 2
    assert beside.message == (
        "`boto3==1.20.0` cannot be installed beside Airflow 3.3.1 on MWAA, which has boto3==1.43.56"
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("there is no version of a==99 and you require a==99", "no such version was published"),
        ("only a<=6 is available and you require a==99", "there is only a<=6"),
    ],
)
def test_of_several_lines_that_one_is_named_which_asks_for_too_much(said: str, told: str) -> None:
    found = explain("a\na == 99, != 7\n", _unsolvable(said))
    assert (found.line, found.message) == (2, f"`a== 99, != 7` does not exist: {told}")


def test_a_line_that_pip_cannot_read_is_told() -> None:
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
def test_not_having_been_able_to_ask_is_never_a_missing_package(explanation: str) -> None:
    with pytest.raises(ProjectError, match="could not be resolved") as caught:
        explain("a==1\n", explanation)
    assert caught.value.code == "project.requirements-unresolved"
    assert caught.value.hint


def test_a_package_with_wheels_for_other_systems_only_is_named() -> None:
    found = explain(
        "a==1\nelsewhere==1.0\n",
        _unsolvable(
            "elsewhere==1.0 has no wheels with a matching platform tag (e.g., `manylinux_2_34_x86_64`) and "
            "you require elsewhere==1.0"
        ),
    )
    assert found.message == "`elsewhere==1.0` has no wheel for Linux on x86_64 and Python 3.12, and no source"
    assert found.line == 2


def test_the_only_version_that_there_is_is_named() -> None:
    found = explain("solo>=2\n", _unsolvable("only solo==1.0 is available and you require solo>=2"))
    assert found.message == "`solo>=2` does not exist: there is only solo==1.0"
