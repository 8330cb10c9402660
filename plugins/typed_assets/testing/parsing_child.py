"""Imports DAG files as Airflow's DAG processor does; see `parsing`.

Reads the path of a file from each line of standard input, and answers with a line of JSON.
"""

import ast
import importlib
import importlib.util
import json
import os
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TextIO

_WATCHED = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
    "os.system",
    "os.posix_spawn",
    "os.exec",
    "sqlite3.connect",
}
_TIMES = 3


class ReachedError(Exception):
    """The file reached for something."""


def _watch(file: str, reached: list[dict[str, str]]) -> None:
    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED:
            what = arguments[1] if event == "socket.connect" else arguments[0]
            if event == "subprocess.Popen":
                what = arguments[1]
            reached.append({"event": event, "what": str(what), "line": _blamed(file)})
            message = f"{event} {what} while a DAG file is imported"
            raise ReachedError(message)

    sys.addaudithook(refuse)


def _blamed(file: str) -> str:
    """Return the innermost line of the file, or of what stands beside it, in the current stack."""
    folder = str(Path(file).parent)
    own = [frame for frame in traceback.extract_stack() if frame.filename.startswith(folder)]
    frame = own[-1] if own else traceback.extract_stack()[0]
    return f"{frame.filename}:{frame.lineno}"


def _import_airflow(file: Path) -> None:
    """Import the modules of Airflow that the file names: the DAG processor does so once for all files."""
    import airflow.models.dag
    import airflow.sdk  # noqa: F401

    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        return  # its import says so
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
        for name in names:
            if name.startswith("airflow."):
                with suppress(ImportError):
                    importlib.import_module(name)


def _import(file: Path) -> dict[str, Any]:
    reached: list[dict[str, str]] = []
    error = None
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        message = f"{file.name} is no Python file"
        raise ImportError(message)
    _watch(str(file), reached)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    began = time.process_time()
    try:
        spec.loader.exec_module(module)
    except Exception as raised:  # noqa: BLE001 - whatever the file does
        error = f"{type(raised).__name__}: {raised}"
    return {"cpu_ms": (time.process_time() - began) * 1000, "reached": reached, "error": error}


def _in_a_fork(file: Path, answers: TextIO) -> dict[str, Any]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _be_the_fork(file, write, answers)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if not answer:
        return {"crash": f"the process ended with status {status}"}
    found: dict[str, Any] = json.loads(answer)
    return found


def _be_the_fork(file: Path, write: int, answers: TextIO) -> NoReturn:
    """Write the answer and end, whatever happens: what asks and is answered belongs to the parent alone."""
    try:
        answers.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        with os.fdopen(write, "w") as pipe:
            json.dump(_import_or_crash(file), pipe)
    finally:
        os._exit(0)


def _import_or_crash(file: Path) -> dict[str, Any]:
    try:
        return _import(file)
    except BaseException:  # noqa: BLE001 - SystemExit too: the one who asked raises it
        return {"crash": traceback.format_exc()}


def _answer(file: Path, answers: TextIO) -> dict[str, Any]:
    _import_airflow(file)
    found = [_in_a_fork(file, answers) for _ in range(_TIMES)]
    for each in found:
        if "crash" in each:
            return each
    return {**found[0], "cpu_ms": min(each["cpu_ms"] for each in found)}


def _main() -> None:
    """Answer until there is no more input. What files print goes where errors go."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            try:
                answer = _answer(Path(line.rstrip("\n")), answers)
            except Exception:  # noqa: BLE001 - the one who asked raises it
                answer = {"crash": traceback.format_exc()}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    _main()
