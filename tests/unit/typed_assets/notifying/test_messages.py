from dataclasses import dataclass, replace

from typed_assets import CheckResult, Record, Severity
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.notifying.message import Message, message_of

RANGE = CheckResult(name="delay.range", passed=False, violations=2, observed="700", expected="at most 100")
WARNING = CheckResult(name="fresh", passed=False, severity=Severity.WARN, observed="2013-01-01")
PASSED = CheckResult(name="rows", passed=True)
RECORD = Record(
    asset="lake.flights",
    published=False,
    at="2013-02-01T00:00:00+00:00",
    dag_id="flights",
    run_id="manual__1",
    task_id="lake__flights.check",
    partition="2013-01-31",
    quarantined=3,
    checks=(PASSED, WARNING, RANGE),
)


@dataclass(frozen=True)
class TaskInstance:
    dag_id: str = "flights"
    run_id: str = "manual__2013-01-31T00:00:00+00:00"
    task_id: str = "lake__flights.check"
    map_index: int = -1


def caused_by(cause: Exception) -> Exception:
    """The exception that a task raises because of another."""
    error = RuntimeError("as Airflow wants it")
    error.__cause__ = cause
    return error


def test_a_refusal_names_asset_partition_checks_and_run() -> None:
    context = {"ti": TaskInstance(), "exception": caused_by(AssetRefusedError(RECORD))}
    message = message_of(context, "https://airflow.example/")
    assert message.subject == "lake.flights partition 2013-01-31 was not published"
    assert message.text == (
        "lake.flights partition 2013-01-31 was not published\n"
        "- block: delay.range: 2 rows, saw 700, expected at most 100\n"
        "- warn: fresh: saw 2013-01-01\n"
        "3 rows are in quarantine\n"
        "\n"
        "DAG flights, run manual__2013-01-31T00:00:00+00:00, task lake__flights.check\n"
        "https://airflow.example/dags/flights/runs/manual__2013-01-31T00%3A00%3A00%2B00%3A00"
        "/tasks/lake__flights.check"
    )


def test_another_failure_has_its_reason() -> None:
    message = message_of({"ti": TaskInstance(map_index=4), "exception": KeyError("carrier")})
    assert message.text == (
        "flights.lake__flights.check failed\n"
        "KeyError: 'carrier'\n"
        "\n"
        "DAG flights, run manual__2013-01-31T00:00:00+00:00, task lake__flights.check"
    )
    linked = message_of({"ti": TaskInstance(map_index=4)}, "https://airflow.example")
    assert linked.link.endswith("/tasks/lake__flights.check/mapped/4")


def test_a_subject_is_one_short_line_of_ascii() -> None:
    message = Message(dag_id="d", run_id="r", task_id="t", asset="größe." + "x" * 200)
    assert message.subject == "gr??e." + "x" * 91 + "..."
    assert len(message.subject) == 100


def test_many_checks_are_counted() -> None:
    message = Message(dag_id="d", run_id="r", task_id="t", asset="a", checks=(RANGE,) * 12)
    assert len(message.findings) == 11
    assert message.findings[-1] == "and 2 more"


def test_a_long_reason_is_cut() -> None:
    message = message_of({"ti": TaskInstance(), "exception": ValueError("x" * 1000)})
    assert len(message.reason) == 503


def test_what_a_rule_says_at_length_is_cut() -> None:
    long = CheckResult(name="a.allowed", passed=False, violations=1, expected="one of " + "x" * 300_000)
    error = AssetRefusedError(RECORD)
    error.record = replace(RECORD, checks=(long,))
    message = message_of({"ti": TaskInstance(), "exception": caused_by(error)})
    (line,) = message.findings
    assert line.startswith("block: a.allowed: 1 rows, expected one of xxx")
    assert line.endswith("x...")
    assert len(message.text) < 1000
