"""How a person approves a model, on each version of Airflow.

From 3.1 Airflow asks people itself: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/hitl.html
Before that the run waits for an object that an approver puts into the data bucket; who may put it is who may
approve, and IAM decides that.
"""

from datetime import timedelta
from importlib.metadata import version
from typing import Any

PATIENCE = timedelta(days=3)
APPROVAL_PREFIX = "landing/approvals/delay_model/"
_SUBJECT = "May the delay model score flights?"
_BODY = """Its figures on flights that it has not seen stand in `lake/delay_model/evaluation/`, and in the
event of the asset `delay_model.evaluation`."""
_FIRST_WITH_PEOPLE = (3, 1)


def approval(run_id: str = "{{ run_id }}") -> tuple[str, dict[str, Any]]:
    """Return the operator that waits for a person, as `module.Class`, and its arguments.

    Args:
        run_id: what the object is called where Airflow cannot ask.
    """
    if _airflow() >= _FIRST_WITH_PEOPLE:
        return "airflow.providers.standard.operators.hitl.ApprovalOperator", {
            "subject": _SUBJECT,
            "body": _BODY,
            "fail_on_reject": True,
            "response_timeout": PATIENCE,
            "execution_timeout": None,  # the time that people take is not the task's
            "retries": 0,  # a second try would ask again the one who has said no
        }
    return "airflow.providers.amazon.aws.sensors.s3.S3KeySensor", {
        "bucket_name": "{{ option('data_bucket') }}",
        "bucket_key": f"{APPROVAL_PREFIX}{run_id}",
        "deferrable": True,
        "poke_interval": 10,
        "timeout": PATIENCE.total_seconds(),
        "execution_timeout": PATIENCE,
    }


def _airflow() -> tuple[int, int]:
    major, minor = version("apache-airflow").split(".")[:2]
    return int(major), int(minor)
