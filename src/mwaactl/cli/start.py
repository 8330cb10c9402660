"""The entry point of the process: Ctrl-C while it still imports ends it at once."""

import os
import signal

# As mwaactl.cli.exit_codes has it, whose import would come before the handler.
INTERRUPTED = 130


def main() -> None:
    """Run the command line of this process and exit."""
    # A process in the background of a script has it ignored.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from mwaactl.cli.main import main as run_command_line

    try:
        run_command_line()
    except KeyboardInterrupt:
        _leave()


def _leave(*_: object) -> None:
    """End at once: nothing has begun, or all is done."""
    try:
        os.write(2, b"interrupted\n")
    finally:
        os._exit(INTERRUPTED)
