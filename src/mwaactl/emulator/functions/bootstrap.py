"""The runtime inside a function's process: loads the handler, then runs it once per event it is sent.

Started by path with the function's own Python: standard library only, no import from the toolkit. It speaks
JSON lines over an inherited socket; standard output and error belong to the handler.
"""

import importlib
import json
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

CHANNEL_VARIABLE = "_EMULATOR_CHANNEL_FD"
LAYERS_VARIABLE = "_EMULATOR_LAYERS"
MEBIBYTE = 1 << 20
Handler = Callable[[Any, Any], Any]
WATCH_SECONDS = 0.05


class HandlerError(Exception):
    """The handler cannot be used; the subclasses' `kind` is Lambda's error type."""

    kind = "Runtime.Unknown"


class MalformedHandlerNameError(HandlerError):
    """The handler's name is not `module.function`."""

    kind = "Runtime.MalformedHandlerName"


class ImportModuleError(HandlerError):
    """The handler's module, or one that it imports, is missing."""

    kind = "Runtime.ImportModuleError"


class UserCodeSyntaxError(HandlerError):
    """The handler's module is not Python."""

    kind = "Runtime.UserCodeSyntaxError"


class HandlerNotFoundError(HandlerError):
    """The handler's module has no such function."""

    kind = "Runtime.HandlerNotFound"


class MarshalError(HandlerError):
    """The handler's result is not JSON."""

    kind = "Runtime.MarshalError"


class Context:
    """The context object that handlers get.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    identity = None

    def __init__(self, request: dict[str, Any]) -> None:
        self.aws_request_id: str = request["request_id"]
        self.invoked_function_arn: str = request["arn"]
        self.client_context: Any = request["client_context"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline = time.monotonic() + request["timeout"]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function times out."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class RequestIdFilter(logging.Filter):
    """Puts the request id on every log record, as Lambda's runtime does."""

    request_id = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.aws_request_id = self.request_id
        return True


class Channel:
    """The line to the emulator; the memory watch writes to it too."""

    def __init__(self, connection: socket.socket) -> None:
        self._reader = connection.makefile("r", encoding="utf-8")
        self._connection = connection
        self._lock = threading.Lock()

    def receive(self) -> dict[str, Any] | None:
        """Return the next request, or None when the emulator has hung up."""
        line = self._reader.readline()
        return json.loads(line) if line else None

    def send(self, kind: str, **members: object) -> None:
        """Send one message; it carries the most memory used so far."""
        message = json.dumps({"kind": kind, "memory_mb": used_memory_mb(), **members}) + "\n"
        with self._lock:
            self._connection.sendall(message.encode())


def used_memory_mb() -> int:
    """Return the peak resident memory of this process in MiB.

    Linux carries `ru_maxrss` over from the parent, hence `/proc`: https://lwn.net/Articles/864184/
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (MEBIBYTE if sys.platform == "darwin" else 1024)


def watch_memory(channel: Channel, limit_mb: int) -> None:
    """Kill this process, as Lambda does, once it has used more memory than the function has."""
    while used_memory_mb() <= limit_mb:
        time.sleep(WATCH_SECONDS)
    channel.send("out_of_memory")
    os.kill(os.getpid(), signal.SIGKILL)


def limit_memory(limit_mb: int) -> None:
    """Keep one huge allocation from hurting the machine before the watch sees it."""
    ceiling = (limit_mb + max(limit_mb, 1024)) * MEBIBYTE
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))


def load_handler(name: str) -> Handler:
    """Return the function that `module.function` names.

    Raises:
        HandlerError: there is none, or its module cannot be imported.
    """
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        message = f"Bad handler '{name}': not enough values to unpack"
        raise MalformedHandlerNameError(message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise ImportModuleError(message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise UserCodeSyntaxError(message) from error
    try:
        handler: Handler = getattr(module, function_name)
    except AttributeError as error:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise HandlerNotFoundError(message) from error
    return handler


def error_payload(error: BaseException, request_id: str, frames: list[str]) -> dict[str, Any]:
    """Return what Lambda answers when a handler raised."""
    kind = error.kind if isinstance(error, HandlerError) else type(error).__name__
    return {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": frames}


def handler_frames(trace: TracebackType | None) -> list[str]:
    """Return the stack as Lambda shows it: from the handler's own frame on."""
    own: FrameType | None = sys._getframe()  # noqa: SLF001 - documented, for this use
    own_file = own.f_code.co_filename if own else ""
    return traceback.format_list([f for f in traceback.extract_tb(trace) if f.filename != own_file])


def report(error: BaseException, request_id: str) -> dict[str, Any]:
    """Write an error to the log and return its payload."""
    payload = error_payload(error, request_id, handler_frames(error.__traceback__))
    print(f"[ERROR] {payload['errorType']}: {payload['errorMessage']}", file=sys.stderr)  # noqa: T201 - the log
    if payload["stackTrace"]:
        print("Traceback (most recent call last):\n" + "".join(payload["stackTrace"]), file=sys.stderr)  # noqa: T201
    return payload


def answer(channel: Channel, handler: Handler, request: dict[str, Any]) -> None:
    """Run the handler on one event and send what it returned or raised."""
    RequestIdFilter.request_id = request["request_id"]
    try:
        result = handler(json.loads(request["event"]), Context(request))
    except Exception as error:  # noqa: BLE001 - whatever the handler raises is its answer
        channel.send("error", error=report(error, request["request_id"]))
        return
    try:
        payload = json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        unmarshallable = MarshalError(f"Unable to marshal response: {error}")
        channel.send("error", error=report(unmarshallable, request["request_id"]))
        return
    channel.send("result", payload=payload)


def log_as_lambda() -> None:
    """Give the root logger the handler and format that Lambda's Python runtime gives it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RequestIdFilter())
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def find_packages() -> None:
    """Let the function's own code be found first, then its layers', then what the runtime brings along.

    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-searchpath
    """
    layers = os.environ.pop(LAYERS_VARIABLE, None)
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folders = [f"{layers}/python/lib/{python}/site-packages", f"{layers}/python"] if layers else []
    sys.path[0:1] = [os.environ["LAMBDA_TASK_ROOT"], *folders]


def main() -> int:
    """Load the handler, then serve events until the emulator hangs up."""
    descriptor = int(os.environ.pop(CHANNEL_VARIABLE))
    os.set_inheritable(descriptor, False)  # noqa: FBT003 - a C function
    channel = Channel(socket.socket(fileno=descriptor))
    limit_mb = int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"])
    limit_memory(limit_mb)
    threading.Thread(target=watch_memory, args=(channel, limit_mb), daemon=True).start()
    log_as_lambda()
    find_packages()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - module code may raise anything
        channel.send("init_error", error=report(error, ""))
        return 1
    channel.send("ready")
    while request := channel.receive():
        answer(channel, handler, request)
    return 0


if __name__ == "__main__":
    sys.exit(main())
