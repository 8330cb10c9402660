"""What the emulator answers about itself under `/_emulator/`: its status, permissions, credentials."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from botocore.exceptions import ClientError

from mwaactl.emulator.authorization.traced_access import TRACE_PATH, TracedAccess, trace_data
from mwaactl.emulator.authorization.trust import trusts
from mwaactl.emulator.authorization.usage_page import USAGE_PATH, usage_data
from mwaactl.emulator.credentials import CREDENTIALS_PATH
from mwaactl.emulator.loopback import client
from mwaactl.emulator.state.checkpoints import SaveError
from mwaactl.emulator.state.save_request import SAVE_PATH
from mwaactl.emulator.status_page import STATUS_PATH, StatusPage, page_data

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from mwaactl.emulator.authorization.entity_usage import EntityUsage
    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
    from mwaactl.emulator.settings import EmulatorSettings
    from mwaactl.emulator.state.checkpoints import Checkpoints

PREFIX = "/_emulator/"
# STS's, in characters: a function, which names its session, may have a shorter name.
_SHORTEST_SESSION = 2

type Page = Callable[["WSGIEnvironment"], tuple[HTTPStatus, Mapping[str, Any]]]


class OwnPages:
    """A WSGI app for `/_emulator/…`.

    Args:
        settings: The emulator's.
        credentials: Tells who may have a role's credentials.
        environments: Returns how every MWAA environment is, without waiting.
        checkpoints: Keep what the emulator holds.
        usages: Returns what roles and users did with their permissions.
        trace: Returns every access that was judged.
    """

    def __init__(
        self,
        settings: EmulatorSettings,
        credentials: RoleCredentials,
        environments: Callable[[], tuple[EnvironmentStatus, ...]],
        checkpoints: Checkpoints,
        usages: Callable[[], tuple[EntityUsage, ...]] = tuple,
        trace: Callable[[], tuple[TracedAccess, ...]] = tuple,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._environments = environments
        self._usages = usages
        self._trace = trace
        self._checkpoints = checkpoints
        self.ready = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer one request."""
        pages: dict[str, Page] = {
            STATUS_PATH: self._status,
            USAGE_PATH: self._usage,
            TRACE_PATH: self._traced,
            CREDENTIALS_PATH: self._role_credentials,
            SAVE_PATH: self._save,
        }
        page = pages.get(environ.get("PATH_INFO", ""), _unknown)
        status, fields = page(environ)
        payload = json.dumps(fields).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [payload]

    def _status(self, _: WSGIEnvironment) -> tuple[HTTPStatus, Mapping[str, Any]]:
        root = str(self._settings.project_root)
        state = self._checkpoints.status()
        return HTTPStatus.OK, page_data(
            StatusPage(os.getpid(), self.ready, root, self._environments(), state)
        )

    def _save(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, Mapping[str, Any]]:
        if environ["REQUEST_METHOD"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, {"message": "the state is saved by POST"}
        try:
            written = self._checkpoints.save()
        except SaveError as error:
            return HTTPStatus.INSUFFICIENT_STORAGE, {"message": str(error)}
        return HTTPStatus.OK, {"written_at": written.written_at.isoformat()}

    def _usage(self, _: WSGIEnvironment) -> tuple[HTTPStatus, Mapping[str, Any]]:
        return HTTPStatus.OK, {"entities": usage_data(self._usages())}

    def _traced(self, _: WSGIEnvironment) -> tuple[HTTPStatus, Mapping[str, Any]]:
        return HTTPStatus.OK, {"accesses": trace_data(self._trace())}

    def _role_credentials(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, Mapping[str, Any]]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        role, session = query.get("role", [""])[0], query.get("session", [""])[0]
        if not self._credentials.allows(role, session, environ.get("HTTP_AUTHORIZATION", "")):
            return HTTPStatus.FORBIDDEN, {"code": "AccessDenied", "message": "the token is not for this role"}
        service, source = query.get("service", [""])[0], query.get("source_arn", [""])[0]
        try:
            given = self._assume(role, session)
            trusted = not service or trusts(role, service, source)
        except ClientError as error:
            return HTTPStatus.BAD_REQUEST, {"code": error.response["Error"]["Code"], "message": str(error)}
        if not trusted:
            return HTTPStatus.FORBIDDEN, {"code": "AccessDenied", "message": _untrusted(role, service)}
        return HTTPStatus.OK, given

    def _assume(self, role: str, session: str) -> Mapping[str, Any]:
        # moto's AssumeRole takes any ARN; AWS only an existing role's.
        client("iam", self._settings).get_role(RoleName=role.rpartition("/")[2])
        sts = client("sts", self._settings)
        name = session.ljust(_SHORTEST_SESSION, "_")
        given = sts.assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
        return {
            "AccessKeyId": given["AccessKeyId"],
            "SecretAccessKey": given["SecretAccessKey"],
            "Token": given["SessionToken"],
            "Expiration": given["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "RoleArn": role,
        }


def _untrusted(role: str, service: str) -> str:
    return (
        f"{service} is not authorized to perform: sts:AssumeRole on resource: {role} "
        "because no role trust policy allows the sts:AssumeRole action"
    )


def _unknown(environ: WSGIEnvironment) -> tuple[HTTPStatus, Mapping[str, Any]]:
    return HTTPStatus.NOT_FOUND, {"message": f"there is no page `{environ.get('PATH_INFO', '')}`"}
