"""Asks again where Airflow could not answer just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.airflow_api.transient import is_transient
from mwaactl.errors import MwaactlError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.airflow_api.rest import Invoke

TRIES = 4
PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class PatientInvoke:
    """Calls the REST API, and reads again after a server error.

    MWAA gives Airflow ten seconds and then answers 504, which happens where a web server has just started or
    is busy. What writes is never repeated: it may have been done. Some lists are asked for by POST.
    https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html

    Attributes:
        invoke: Calls the REST API of the environment.
        sleep: Waits for seconds.
    """

    invoke: Invoke
    sleep: Callable[[float], None]

    def __call__(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401  any JSON value
        """Return the decoded answer.

        Raises:
            MwaactlError: The last of four tries failed as well, or one for a lasting reason.
        """
        reads = method == "GET" or (method == "POST" and path.endswith("/list"))
        for _ in range(TRIES - 1 if reads else 0):
            try:
                return self.invoke(method, path, query, body)
            except MwaactlError as error:
                if not is_transient(error):
                    raise
            self.sleep(PAUSE)
        return self.invoke(method, path, query, body)
