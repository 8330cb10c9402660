"""DAG files that do not come to an end, or end the process that imports them.

Airflow is a package of that name with nothing in it; `structure_cases.py` has the real one.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer, get_ident
from time import monotonic, sleep
from typing import NoReturn

import pytest

from typed_assets.testing import assert_no_effects, assert_parse_cost, parse
from typed_assets.testing.parsing_process import import_apart


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("packages")
    for package in ("airflow", "airflow/models"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for module in ("airflow/sdk.py", "airflow/models/dag.py"):
        (folder / module).touch()
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


pytestmark = pytest.mark.usefixtures("airflow")


def written(folder: Path, text: str, name: str = "file.py") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_a_file_that_does_not_end_is_ended_with_its_process(tmp_path: Path) -> None:
    pid, plain = tmp_path / "pid", written(tmp_path, "x = 1\n", "plain.py")
    endless = written(
        tmp_path, f"import os\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\nwhile True: pass\n"
    )
    assert parse(plain).error is None  # so that the process runs

    with pytest.raises(RuntimeError) as caught:
        import_apart(endless, seconds=1)

    assert str(caught.value) == f"importing {endless} three times took more than 1 seconds"
    assert ends(int(pid.read_text()))
    assert parse(plain).error is None


def ends(pid: int) -> bool:
    """Whether a process comes to its end, in ten seconds."""
    deadline = monotonic() + 10
    while runs(pid) and monotonic() < deadline:
        sleep(0.02)
    return not runs(pid)


def runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def test_a_file_that_is_no_python_is_refused_and_the_next_one_answered(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ImportError: x.txt is no Python file\n$"):
        parse(written(tmp_path, "x = 1\n", "x.txt"))

    assert parse(written(tmp_path, "1 / 0\n")).error == "ZeroDivisionError: division by zero"


def test_a_file_with_a_mistake_in_its_syntax_cannot_be_imported(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="cannot be imported: SyntaxError: '\\(' was never closed"):
        assert_no_effects(written(tmp_path, "f(\n"))


def test_a_file_that_ends_the_process_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"SystemExit: 3\n$"):
        parse(written(tmp_path, "import sys\nsys.exit(3)\n"))


def test_a_crash_of_a_later_import_counts(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    file = written(
        tmp_path,
        f"import os\nif os.path.exists({str(mark)!r}):\n    os._exit(7)\nopen({str(mark)!r}, 'w').close()\n",
    )

    with pytest.raises(RuntimeError, match="the process ended with status 1792"):
        assert_parse_cost(file, max_ms=1000)


def test_a_file_that_asks_for_input_gets_none(tmp_path: Path) -> None:
    assert parse(written(tmp_path, "input()\n")).error == "EOFError: EOF when reading a line"


def test_an_answer_that_nobody_waited_for_is_not_given_about_the_next_file(tmp_path: Path) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise InterruptedError

    plain = written(tmp_path, "x = 1\n", "plain.py")
    assert parse(plain).error is None  # so that the process runs
    before = signal.signal(signal.SIGUSR1, interrupt)
    Timer(0.2, signal.pthread_kill, (get_ident(), signal.SIGUSR1)).start()
    try:
        with pytest.raises(InterruptedError):
            parse(written(tmp_path, "import time\ntime.sleep(0.5)\n1 / 0\n"))
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert parse(plain).error is None
