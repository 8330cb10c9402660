"""The one place where an exception becomes text and an exit code."""

from __future__ import annotations

import io
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from mwaactl.cli.console import OutputClosedError
from mwaactl.cli.exit_codes import FAILED, INTERRUPTED
from mwaactl.errors import MwaactlError
from mwaactl.quotation import quoted

if TYPE_CHECKING:
    from mwaactl.cli.invocation import Invocation


def render_failure(failure: BaseException, invocation: Invocation) -> int:
    """Show `failure` on the console of `invocation`; return the exit code of the process."""
    match failure:
        case click.exceptions.Exit():
            return failure.exit_code
        case click.ClickException():
            _show_usage(failure, invocation)
            return failure.exit_code
        # click has written a newline first, to a terminal that may have gone.
        case KeyboardInterrupt() | click.Abort() | OSError(__context__=KeyboardInterrupt()):
            _as_json(MwaactlError("interrupted", code="interrupted"), invocation)
            invocation.console.status("interrupted")
            return INTERRUPTED
        case _ if _is_unread(failure, invocation):
            return FAILED  # nobody is left to tell
        case MwaactlError():
            return _render_known(failure, invocation)
        case _:
            return _render_unexpected(failure, invocation)


def _is_unread(failure: BaseException, invocation: Invocation) -> bool:
    """Tell whether nobody reads the output any more; click ends with SystemExit where it writes it."""
    told_by_click = isinstance(failure, SystemExit) and invocation.console.unread
    return told_by_click or isinstance(failure, OutputClosedError)


def _show_usage(failure: click.ClickException, invocation: Invocation) -> None:
    _as_json(MwaactlError(failure.format_message(), code="usage"), invocation)
    shown = io.StringIO()
    failure.show(file=shown)
    invocation.console.status(shown.getvalue().removesuffix("\n"))


def _render_known(failure: MwaactlError, invocation: Invocation) -> int:
    if invocation.verbose:
        _show_traceback(failure, invocation)
    _show(failure, invocation)
    return FAILED


def _render_unexpected(failure: BaseException, invocation: Invocation) -> int:
    if invocation.verbose:
        _show_traceback(failure, invocation)
        if not invocation.as_json:
            return FAILED
    described = " ".join(str(failure).split()) or "no message"
    _show(
        MwaactlError(
            f"unexpected {type(failure).__name__}: {described}",
            hint="run `mwaactl -v …` for the traceback and report it with that",
            code="unexpected",
        ),
        invocation,
    )
    return FAILED


def _show_traceback(failure: BaseException, invocation: Invocation) -> None:
    invocation.console.status(quoted("".join(traceback.format_exception(failure)).rstrip()))


def _show(failure: MwaactlError, invocation: Invocation) -> None:
    _as_json(failure, invocation)
    invocation.console.error(failure.message)
    if failure.hint:
        invocation.console.status("")
        invocation.console.hint(failure.hint)


def _as_json(failure: MwaactlError, invocation: Invocation) -> None:
    """Write the failure to stdout where JSON was asked for, if anything can be written there."""
    if not invocation.as_json:
        return
    shown = {
        "error": failure.message,
        "code": failure.code,
        "hint": invocation.console.complete(failure.hint) if failure.hint else None,
        "context": dict(failure.context),
    }
    with suppress(OutputClosedError, MwaactlError):
        invocation.console.json(shown)
