"""What assets need of the world: AWS clients and the options of the environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from typed_assets.spec.errors import SpecError, nearest

OPTIONS_SECTION = "pipelines"
"""The section of Airflow's configuration with the options; on MWAA `pipelines.data_bucket` and its like."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Clients, options and a clock; made from Airflow's connection in a task, by hand in a test.

    Attributes:
        client: gives boto3's client of a service: `client("s3")`, `client("redshift-data")`.
        options: the section `pipelines`: `data_bucket`, `warehouse_workgroup`, `warehouse_database`,
            `warehouse_copy_role_arn` and, where it is used, `warehouse_secret_arn`.
        now: the time, in UTC.
    """

    client: Callable[[str], Any]
    options: Mapping[str, str]
    now: Callable[[], datetime] = _now

    def option(self, name: str) -> str:
        """Return an option.

        Raises:
            SpecError: it is not set.
        """
        value = self.options.get(name)
        if not value:
            message = f"the option `{OPTIONS_SECTION}.{name}` is not set"
            hint = nearest(name, self.options) or "set it in Airflow's configuration"
            raise SpecError(message, hint=hint)
        return value
