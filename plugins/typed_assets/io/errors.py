"""Errors of reading, writing and checking data."""


class DataError(RuntimeError):
    """Data could not be read, written or published.

    Attributes:
        message: one sentence that names what is wrong.
        hint: what to do about it, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message, self.hint = message, hint
        super().__init__(message if hint is None else f"{message} ({hint})")


class NotPublishedError(DataError):
    """The asset, or the partition of it, has not been published."""


class NotStagedError(DataError):
    """What was staged is no longer there: it has been published or discarded."""

    def __init__(self, place: str) -> None:
        super().__init__(f"`{place}` is not there any more", hint="run the task that writes it again")
