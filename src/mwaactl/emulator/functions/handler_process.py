"""One execution environment of a function: a process that has loaded the handler and waits for events."""

import json
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from mwaactl.emulator.functions.bootstrap import CHANNEL_VARIABLE, LAYERS_VARIABLE
from mwaactl.emulator.functions.outcomes import Failed, Outcome, Succeeded, exited, out_of_memory
from mwaactl.emulator.guardian import spawn

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition
    from mwaactl.emulator.guardian import ChildProcess, Guardian

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
INIT_SECONDS = 10.0
"""Lambda gives the first initialisation ten seconds, then tries again within the function's timeout."""


class DeadlineError(Exception):
    """The process did not answer in time."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a process is asked to handle.

    Attributes:
        request_id: the invocation's id.
        payload: the event, as JSON text.
        client_context: what the caller sent along about itself, decoded.
    """

    request_id: str
    payload: str
    client_context: Any = None


class HandlerProcess:
    """A process that runs one definition of a function, one event at a time.

    Attributes:
        definition: what it runs.
        log_stream: its log stream, named as Lambda names them.
        init_seconds: how long it took to load the handler.
        memory_mb: the most memory it has used so far.
        idle_since: when it last became idle, by `time.monotonic`.
    """

    def __init__(
        self,
        definition: "FunctionDefinition",
        child: "ChildProcess",
        channel: socket.socket,
        log: Path,
        log_stream: str,
    ) -> None:
        self.definition = definition
        self.log_stream = log_stream
        self.init_seconds = 0.0
        self.memory_mb = 0
        self.idle_since = 0.0
        self._child = child
        self._channel = channel
        self._reader = channel.makefile("rb")
        self._log = log
        self._log_offset = 0

    @classmethod
    def start(
        cls,
        definition: "FunctionDefinition",
        python: Path,
        task_root: Path,
        environment: Mapping[str, str],
        log_dir: Path,
        guardian: "Guardian",
    ) -> Self:
        """Start a process; the handler is loaded when `handle` is first called.

        Args:
            definition: what to run.
            python: the runtime's Python executable.
            task_root: the unpacked deployment package.
            environment: the process's environment, but for its log stream.
            log_dir: where its raw output goes until it has been read.
            guardian: who ends it if the emulator dies.
        """
        ours, theirs = socket.socketpair()
        log_stream = log_stream_name(definition.version)
        log = log_dir / f"{definition.name}-{uuid4().hex}.log"
        try:
            child = spawn(
                [str(python), "-u", str(BOOTSTRAP)],
                {
                    **environment,
                    "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
                    CHANNEL_VARIABLE: str(theirs.fileno()),
                },
                task_root,
                log,
                guardian,
                pass_fds=(theirs.fileno(),),
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return cls(definition, child, ours, log, log_stream)

    def initialise(self, request_id: str) -> Failed | None:
        """Wait until the handler is loaded, and say why it could not be.

        Raises:
            DeadlineError: it took longer than Lambda allows.
        """
        started = time.monotonic()
        message = self._receive(INIT_SECONDS + self.definition.timeout, request_id)
        self.init_seconds = time.monotonic() - started
        match message:
            case Failed():
                return message
            case {"kind": "init_error", "error": error}:
                return Failed({**error, "requestId": request_id})
            case _:
                return None

    def handle(self, event: Event) -> Outcome:
        """Run the handler on one event.

        Raises:
            DeadlineError: it took longer than the function's timeout.
        """
        definition = self.definition
        request = {
            "request_id": event.request_id,
            "event": event.payload,
            "client_context": event.client_context,
            "arn": definition.arn,
            "timeout": definition.timeout,
        }
        try:
            self._channel.sendall(json.dumps(request).encode() + b"\n")
        except OSError:  # it died while it was idle
            return exited(event.request_id, self._child.poll())
        match self._receive(definition.timeout, event.request_id):
            case Failed() as failure:
                return failure
            case {"kind": "error", "error": error}:
                return Failed(error)
            case message:
                return Succeeded(message["payload"])

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._child.poll() is None

    def new_log_lines(self) -> list[str]:
        """Return what the process has written since this was last asked."""
        with self._log.open("rb") as file:
            file.seek(self._log_offset)
            content = file.read()
        self._log_offset += len(content)
        return content.decode(errors="replace").splitlines()

    def stop(self) -> None:
        """End the process and everything it started."""
        self._child.stop(grace=0)
        self._reader.close()
        self._channel.close()
        self._log.unlink(missing_ok=True)

    def _receive(self, seconds: float, request_id: str) -> dict[str, Any] | Failed:
        self._channel.settimeout(seconds)
        try:
            line = self._reader.readline()
        except TimeoutError as error:
            raise DeadlineError from error
        except ConnectionResetError:
            line = b""
        if not line.endswith(b"\n"):  # a process that ended has closed the channel
            return exited(request_id, self._child.wait(timeout=5))
        message: dict[str, Any] = json.loads(line)
        self.memory_mb = message["memory_mb"]
        return out_of_memory(request_id) if message["kind"] == "out_of_memory" else message


def log_stream_name(version: str) -> str:
    """Return a new log stream's name: date, version in brackets, a random id."""
    return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[{version}]{uuid4().hex}"


def process_environment(
    definition: "FunctionDefinition",
    task_root: Path,
    credentials: Mapping[str, str],
    layers_root: Path | None = None,
) -> dict[str, str]:
    """Return the environment variables of a function's process, without its log stream.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

    Args:
        definition: the function.
        task_root: the unpacked deployment package.
        credentials: the variables with which a process acts as the function's role.
        layers_root: the unpacked layers, if it has any.
    """
    return {
        **dict(definition.environment),
        **_search_paths(layers_root),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONUTF8": "1",
        # The developer's own profiles must not answer for the function's role.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **credentials,
        "AWS_REGION": definition.region,
        "AWS_DEFAULT_REGION": definition.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{definition.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": definition.name,
        "AWS_LAMBDA_FUNCTION_VERSION": definition.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(definition.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": definition.log_group,
        "LAMBDA_TASK_ROOT": str(task_root),
        "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP.parent),
        "_HANDLER": definition.handler,
    }


def _search_paths(layers_root: Path | None) -> dict[str, str]:
    """Return the variables by which programs, libraries and packages of layers are found."""
    if layers_root is None:
        return {"PATH": os.defpath}
    return {
        "PATH": f"{layers_root / 'bin'}{os.pathsep}{os.defpath}",
        "LD_LIBRARY_PATH": str(layers_root / "lib"),
        LAYERS_VARIABLE: str(layers_root),
    }
