"""The entry point of the process: Ctrl-C while it still imports ends it at once."""

import os
import signal
import sys

# As mwaactl.cli.exit_codes has it, whose import would come before the handler.
INTERRUPTED = 130


def main() -> None:
    """Run the command line of this process and exit."""
    _read_names_as_utf_8()
    # A process in the background of a script has it ignored.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from mwaactl.cli.main import main as run_command_line

    try:
        run_command_line()
    except KeyboardInterrupt:
        _leave()


def _read_names_as_utf_8() -> None:
    """Begin anew where the locale has another encoding: S3 and MWAA's machines know names as UTF-8 only.

    In the locale of an old machine, a name with an umlaut would be uploaded as another one.
    """
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606  the same command


def _leave(*_: object) -> None:
    """End at once: nothing has begun, or all is done."""
    try:
        os.write(2, b"interrupted\n")
    finally:
        os._exit(INTERRUPTED)
