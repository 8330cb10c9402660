"""The operations of the `redshift-serverless` API."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.faults import invalid
from mwaactl.emulator.warehouse.paging import page
from mwaactl.emulator.warehouse.tags import Tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.warehouse.namespaces import Namespaces
    from mwaactl.emulator.warehouse.protocol import Operation
    from mwaactl.emulator.warehouse.workgroups import Workgroups

type Params = dict[str, Any]
_CREDENTIAL_SECONDS = range(900, 3601)


class ServerlessApi:
    """Namespaces, workgroups, their tags, and temporary credentials.

    Attributes:
        tags: The tags.
    """

    def __init__(self, namespaces: Namespaces, workgroups: Workgroups) -> None:
        self._namespaces = namespaces
        self._workgroups = workgroups
        self.tags = Tags(self._exists)

    def operations(self) -> Mapping[str, Operation]:
        """Return what answers each operation."""
        return {
            "CreateNamespace": self._create_namespace,
            "GetNamespace": lambda p, r: {"namespace": self._namespaces.get(r, p["namespaceName"]).to_wire()},
            "ListNamespaces": self._list_namespaces,
            "UpdateNamespace": lambda p, r: {"namespace": self._namespaces.update(p, r).to_wire()},
            "DeleteNamespace": self._delete_namespace,
            "CreateWorkgroup": self._create_workgroup,
            "GetWorkgroup": lambda p, r: {"workgroup": self._workgroups.get(r, p["workgroupName"]).to_wire()},
            "ListWorkgroups": self._list_workgroups,
            "UpdateWorkgroup": lambda p, r: {"workgroup": self._workgroups.update(p, r).to_wire()},
            "DeleteWorkgroup": self._delete_workgroup,
            "GetCredentials": self._get_credentials,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": lambda p, _: {"tags": self.tags.of(p["resourceArn"])},
        }

    def _exists(self, arn: str) -> bool:
        return bool(self._namespaces.find_arn(arn) or self._workgroups.find_arn(arn))

    def _create_namespace(self, params: Params, region: str) -> Params:
        namespace = self._namespaces.create(params, region)
        self.tags.add(namespace.arn, params.get("tags", ()))
        return {"namespace": namespace.to_wire()}

    def _delete_namespace(self, params: Params, region: str) -> Params:
        namespace = self._namespaces.delete(params, region)
        self.tags.forget(namespace.arn)
        return {"namespace": namespace.to_wire()}

    def _list_namespaces(self, params: Params, region: str) -> Params:
        items, token = page(
            self._namespaces.list(region), params.get("nextToken"), params.get("maxResults", 100)
        )
        return {"namespaces": [item.to_wire() for item in items], "nextToken": token}

    def _create_workgroup(self, params: Params, region: str) -> Params:
        workgroup = self._workgroups.create(params, region, self._namespaces)
        self.tags.add(workgroup.arn, params.get("tags", ()))
        return {"workgroup": workgroup.to_wire()}

    def _delete_workgroup(self, params: Params, region: str) -> Params:
        workgroup = self._workgroups.delete(params, region, self._namespaces)
        self.tags.forget(workgroup.arn)
        return {"workgroup": workgroup.to_wire()}

    def _list_workgroups(self, params: Params, region: str) -> Params:
        items, token = page(
            self._workgroups.list(region), params.get("nextToken"), params.get("maxResults", 100)
        )
        return {"workgroups": [item.to_wire() for item in items], "nextToken": token}

    def _get_credentials(self, params: Params, region: str) -> Params:
        if "workgroupName" not in params:
            message = "workgroupName is required: the emulator does not model custom domain names"
            raise invalid(message)
        self._workgroups.get(region, params["workgroupName"])
        seconds = params.get("durationSeconds", _CREDENTIAL_SECONDS.start)
        if seconds not in _CREDENTIAL_SECONDS:
            msg = f"durationSeconds {seconds} is not valid: between 900 and 3600"
            raise invalid(msg)
        expiration = datetime.now(UTC) + timedelta(seconds=seconds)
        return {
            "dbUser": "IAM:emulator",
            "dbPassword": secrets.token_urlsafe(48),
            "expiration": expiration,
            "nextRefreshTime": expiration - timedelta(seconds=seconds // 3),
        }

    def _tag(self, params: Params, region: str) -> Params:  # noqa: ARG002
        self.tags.add(params["resourceArn"], params["tags"])
        return {}

    def _untag(self, params: Params, region: str) -> Params:  # noqa: ARG002
        self.tags.remove(params["resourceArn"], params["tagKeys"])
        return {}
