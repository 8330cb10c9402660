from __future__ import annotations

import errno
import io
from typing import override

import pytest

from mwaactl.cli.console import Console
from mwaactl.cli.progress import shown_progress
from mwaactl.cli.steps import shown_steps
from mwaactl.executor.events import Detail, Tick

# How CloudFormation says what is wrong; `:key:` is the name of an emoji.
SAID = "#/Tags/0: required key [/Value] not found, arn:key:1"


class Terminal(io.StringIO):
    gone = False

    @override
    def isatty(self) -> bool:
        return True

    @override
    def write(self, text: str, /) -> int:
        if self.gone:
            raise OSError(errno.EIO, "Input/output error")
        return super().write(text)


def watched(**environ: str) -> tuple[Console, Terminal]:
    terminal = Terminal()
    given = {"TERM": "xterm", "NO_COLOR": "1", **environ}
    return Console(environ=given, stdout=io.StringIO(), stderr=terminal), terminal


def test_brackets_and_colons_are_shown_as_they_are() -> None:
    console, terminal = watched()

    with shown_progress(console) as listener:
        listener(Detail(SAID))
        listener(Tick(SAID))
        listener(Detail(SAID, lasting=True))

    assert f"  {SAID}\n" in terminal.getvalue()


def test_what_is_checked_may_have_brackets_in_its_name() -> None:
    console, terminal = watched()

    with shown_steps(console) as steps:
        steps.stage("parsing dags/[/a].py")
        steps.tick("dags/[/a].py")

    assert "Traceback" not in terminal.getvalue()


@pytest.mark.parametrize("columns", ["1", "4", "20"])
def test_a_narrow_terminal_is_no_error(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    console, terminal = watched()

    with shown_progress(console) as listener:
        listener(Detail(SAID))
        listener(Detail("done", lasting=True))

    assert terminal.getvalue()


def test_a_terminal_that_goes_away_stops_no_work_and_hides_no_interruption() -> None:
    console, terminal = watched()
    done: list[str] = []

    def work() -> None:
        with shown_steps(console) as steps:
            terminal.gone = True
            steps.stage("parsing")
        with shown_progress(console) as listener:
            listener(Detail(SAID))
            listener(Detail(SAID, lasting=True))
            done.append("work")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["work"]
