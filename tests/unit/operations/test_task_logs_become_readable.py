from __future__ import annotations

import json

from mwaactl.operations.task_log import cause_in, readable
from mwaactl.operations.web_login import sign_in_url


def test_json_lines_become_level_and_event() -> None:
    assert readable(['{"event": "loading", "level": "warning"}']) == ("warning: loading",)


def test_an_exception_is_shown_with_its_place() -> None:
    frames = [{"filename": "sdk.py", "lineno": 1}, {"filename": "dags/a.py", "lineno": 8}]
    detail = {"exc_type": "RuntimeError", "exc_value": "boom", "frames": frames}
    line = json.dumps({"event": "Task failed", "level": "error", "error_detail": [detail]})

    assert readable([line]) == ("error: Task failed", "  RuntimeError: boom (dags/a.py, line 8)")


def test_folds_are_left_out_and_plain_lines_are_kept() -> None:
    assert readable(['{"event": "::group::Pre Execute"}', "plain", "[1]"]) == ("plain", "[1]")


def test_the_cause_is_the_last_exception_or_else_the_last_error() -> None:
    assert (
        cause_in(["info: a", "error: one", "  KeyError: 'x' (a.py, line 1)", "info: b"])
        == "KeyError: 'x' (a.py, line 1)"
    )
    assert cause_in(["error: one", "error: two"]) == "two"
    assert cause_in(["info: a"]) is None


def test_a_long_cause_keeps_its_beginning_and_its_place() -> None:
    short = cause_in([f"  ValueError: ('failed', {'x' * 5_000}) (airflow/lambda_function.py, line 246)"])

    assert short is not None
    assert len(short) < 450
    assert short.startswith("ValueError: ('failed', xxx")
    assert short.endswith("xxx) (airflow/lambda_function.py, line 246)")


def test_the_web_server_shares_the_scheme_of_the_endpoint() -> None:
    path = "/aws_mwaa/aws-console-sso?login=true#t"

    assert sign_in_url("h.airflow.amazonaws.com", "t", None) == f"https://h.airflow.amazonaws.com{path}"
    assert sign_in_url("localhost:4578", "t", "http://127.0.0.1:4577") == f"http://localhost:4578{path}"
