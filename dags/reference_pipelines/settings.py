"""What the reference pipelines have in common."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

type Rows = Iterable[Mapping[str, Any]]

OWNERS = ("data-platform",)
ARGUMENTS: dict[str, Any] = {"catchup": False, "max_active_runs": 1, "is_paused_upon_creation": False}
"""They run only when they are asked to, or when their assets are: so they need not be paused at first."""
DEFAULTS: dict[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(seconds=15),
    "execution_timeout": timedelta(minutes=20),
}
NOTIFICATIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "airflow.providers.amazon.aws.notifications.sns.SnsNotifier",
        {
            "target_arn": "{{ option('notification_topic_arn') }}",
            "subject": "{{ dag.dag_id }} failed",
            "message": "{{ ti.dag_id }}, run {{ ti.run_id }}: {{ ti.task_id }} failed: {{ exception }}",
        },
    ),
)
"""Who is told when a task has failed for good: the topic of the option `pipelines.notification_topic_arn`."""
