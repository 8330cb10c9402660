from pathlib import Path

import pytest

from mwaactl.errors import (
    AccessDenied,
    ApplyError,
    ConfigError,
    ConfigProblem,
    Conflict,
    EmulatorError,
    MwaactlError,
    NotFound,
    OperationError,
    ProjectError,
    ServiceError,
    Throttled,
)


def test_an_error_reads_as_its_message_and_keeps_its_facts() -> None:
    error = MwaactlError("it broke", hint="mend it", code="thing.broke", context={"thing": "wheel"})
    assert str(error) == "it broke"
    assert (error.hint, error.code, dict(error.context)) == ("mend it", "thing.broke", {"thing": "wheel"})


def test_a_context_does_not_change_with_the_mapping_it_was_made_from() -> None:
    facts = {"thing": "wheel"}
    error = MwaactlError("it broke", context=facts)
    facts["thing"] = "axle"
    assert error.context["thing"] == "wheel"


def test_a_configuration_error_names_file_and_first_key() -> None:
    problems = [ConfigProblem("project", "is missing"), ConfigProblem("environments", "is missing")]
    error = ConfigError("two problems", file=Path("mwaactl.toml"), problems=problems)
    assert dict(error.context) == {"file": "mwaactl.toml", "key": "project"}
    assert error.problems == tuple(problems)


def test_a_project_error_names_path_and_line() -> None:
    error = ProjectError("it does not parse", path="dags/a.py", line=3)
    assert dict(error.context) == {"path": "dags/a.py", "line": "3"}


@pytest.mark.parametrize(
    ("kind", "retryable"), [(AccessDenied, False), (NotFound, False), (Throttled, True), (Conflict, False)]
)
def test_a_service_error_names_service_operation_and_request(
    kind: type[ServiceError], *, retryable: bool
) -> None:
    error = kind("no", service="mwaa", operation="GetEnvironment", error_code="Nope", request_id="r-1")
    assert isinstance(error, ServiceError)
    assert error.retryable is retryable
    assert dict(error.context) == {
        "service": "mwaa",
        "operation": "GetEnvironment",
        "error_code": "Nope",
        "request_id": "r-1",
    }


def test_a_service_error_adds_its_facts_to_the_caller_s() -> None:
    error = ServiceError("no", service="s3", operation="PutObject", error_code="x", context={"key": "dags/a"})
    assert error.context["key"] == "dags/a"
    assert error.context["operation"] == "PutObject"


def test_an_apply_error_keeps_what_was_done_before() -> None:
    error = ApplyError("stopped", action="second", results=["first"])
    assert (error.action, error.results) == ("second", ("first",))


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    kinds: list[type[MwaactlError]] = [ConfigError, ProjectError, ServiceError, AccessDenied, NotFound]
    kinds += [Throttled, Conflict, ApplyError, OperationError, EmulatorError]
    codes = [kind.default_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert MwaactlError.default_code not in codes
