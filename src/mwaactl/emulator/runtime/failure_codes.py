"""The codes of `LastUpdate.Error` that this runtime reports, and how foreign errors become such failures."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.postgres_server import PostgresUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the environment's owner can put right, in MWAA's own word.
INCORRECT_CONFIGURATION = "INCORRECT_CONFIGURATION"
INTERNAL_ERROR = "INTERNAL_ERROR"


@contextmanager
def reported_as_host_failures() -> Iterator[None]:
    """Turn what AWS, the database and the operating system raise into `HostFailure`.

    Raises:
        HostFailure: A call to an emulated service, the database or the file system failed.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise HostFailure(INCORRECT_CONFIGURATION, str(error)) from error
    except (PostgresUnavailableError, OSError) as error:
        raise HostFailure(INTERNAL_ERROR, str(error)) from error
