"""`/aws_mwaa/cli`: runs one command of Airflow's own command line for the holder of a CLI token.

https://docs.aws.amazon.com/mwaa/latest/userguide/call-mwaa-apis-cli.html
"""

from __future__ import annotations

import json
import shlex
from base64 import b64encode
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from mwaactl.emulator.mwaa.frontdoor.cli_commands import is_supported
from mwaactl.emulator.mwaa.host import CliResult, HostFailure
from mwaactl.emulator.mwaa.tokens import InvalidTokenError

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.tokens import TokenSigner

PATH = "/aws_mwaa/cli"
CONCURRENT_COMMANDS = 4
COMMAND_BYTES = 65536


class CliRoute:
    """The CLI route of one environment; it runs at most four commands at once, as MWAA does."""

    def __init__(self, upstream: Upstream, signer: TokenSigner) -> None:
        self._upstream = upstream
        self._signer = signer
        self._places = BoundedSemaphore(CONCURRENT_COMMANDS)

    def __call__(self, request: Request) -> Response:
        """Check the token and the command, run it, and return both outputs in base64.

        A command that fails, like one that MWAA does not support, answers 400.
        """
        environment = self._upstream.environment
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            self._signer.verify("cli", environment.arn, token if scheme == "Bearer" else "")
        except InvalidTokenError as error:
            return _message(403, f"The CLI token is not valid: {error}")
        if not environment.status.serves:
            return _message(503, f"The environment is {environment.status}")
        return self._answer(request, environment.airflow_major)

    def _answer(self, request: Request, major: int) -> Response:
        if request.mimetype != "text/plain":
            return _message(400, "Content-Type must be text/plain")
        if (request.content_length or 0) > COMMAND_BYTES:
            return _message(400, "The command is too long")
        try:
            arguments = shlex.split(request.get_data(as_text=True))
        except ValueError as error:
            return _message(400, f"The command cannot be read: {error}")
        if not is_supported(arguments, major):
            text = f"Apache Airflow CLI command not supported on Amazon MWAA: {' '.join(arguments[:2])}\n"
            return _result(CliResult(b"", text.encode(), 1))
        return self._run(arguments)

    def _run(self, arguments: list[str]) -> Response:
        if not self._places.acquire(blocking=False):
            return _message(503, f"{CONCURRENT_COMMANDS} commands are running already")
        try:
            return _result(self._upstream.host.run_cli(arguments))
        except HostFailure as failure:
            return _message(503, failure.message)
        finally:
            self._places.release()


def _result(result: CliResult) -> Response:
    body = {"stdout": b64encode(result.stdout).decode(), "stderr": b64encode(result.stderr).decode()}
    status = 400 if result.returncode else 200
    return Response(json.dumps(body), status, mimetype="application/json")


def _message(status: int, text: str) -> Response:
    return Response(json.dumps({"message": text}), status, mimetype="application/json")
