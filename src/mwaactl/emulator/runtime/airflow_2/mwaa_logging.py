"""Airflow 2's logging as MWAA sets it up: what a task says is in CloudWatch Logs as Airflow formats it.

MWAA's image forces a `logging_config_class` of its own, in which the handler of task logs keeps Airflow's
formatter (`mwaa/logging/cloudwatch_handlers.py` in github.com/aws/amazon-mwaa-docker-images, 2026-08-20);
the provider's handler drops it and shows CloudWatch's time before each line instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.config_templates.airflow_local_settings import (
    DEFAULT_LOGGING_CONFIG,
)
from airflow.providers.amazon.aws.log.cloudwatch_task_handler import (
    CloudwatchTaskHandler,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class TaskLogHandler(CloudwatchTaskHandler):  # type: ignore[misc]
    """Writes and reads task logs with Airflow's own time, place and level in each line."""

    def set_context(self, ti: Any, *, identifier: str | None = None) -> Any:  # noqa: ANN401 - Airflow's own
        """Begin the log stream of a task instance."""
        answer = super().set_context(ti, identifier=identifier)
        if self.handler is not None and self.formatter is not None:
            self.handler.setFormatter(self.formatter)
        return answer

    def _event_to_str(self, event: Mapping[str, Any]) -> str:
        return str(event["message"])


def _with_task_handler(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return Airflow's configuration with this handler where it has the provider's."""
    handlers = dict(config["handlers"])
    if handlers["task"]["class"].rpartition(".")[2] == CloudwatchTaskHandler.__name__:
        handlers["task"] = {**handlers["task"], "class": f"{__name__}.{TaskLogHandler.__name__}"}
    return {**config, "handlers": handlers}


LOGGING_CONFIG = _with_task_handler(DEFAULT_LOGGING_CONFIG)
