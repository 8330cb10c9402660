"""Turns a request's template, parameters and tags into what a stack is created or updated with, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.parameters import choose_submitted, resolve_parameters
from mwaactl.emulator.cloudformation.references import dependency_order
from mwaactl.emulator.cloudformation.registry import refuse_unmodelled
from mwaactl.emulator.cloudformation.rules import refuse_broken_rules
from mwaactl.emulator.cloudformation.stack import StackInput
from mwaactl.emulator.cloudformation.template import Template, parse_template
from mwaactl.emulator.loopback import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.settings import EmulatorSettings


class Submissions:
    """Reads requests in one account and region."""

    def __init__(self, settings: EmulatorSettings, account_id: str, region: str) -> None:
        self._settings = settings
        self._account_id = account_id
        self._region = region

    def read(self, request: Mapping[str, Any], previous: StackInput | None) -> StackInput:
        """Return what a request submits.

        Args:
            request: The members TemplateBody, TemplateURL, UsePreviousTemplate, Parameters and Tags.
            previous: What the stack was last created or updated with.

        Raises:
            ValidationError: If anything in it is wrong or not modelled.
        """
        template = self.template(request, previous)
        known = previous.parameters if previous else {}
        submitted = choose_submitted(request.get("Parameters") or [], known)
        parameters = resolve_parameters(template, submitted, self._read_ssm)
        refuse_unmodelled(template)
        dependency_order(template)
        names = {name: parameter.value for name, parameter in parameters.items()}
        refuse_broken_rules(
            template, names | {"AWS::Region": self._region, "AWS::AccountId": self._account_id}
        )
        given_tags = request.get("Tags")
        tags = {tag["Key"]: tag["Value"] for tag in given_tags} if given_tags is not None else None
        return StackInput(
            template, parameters, tags if tags is not None else dict(previous.tags if previous else {})
        )

    def template(self, request: Mapping[str, Any], previous: StackInput | None) -> Template:
        """Return the template that a request names: in its body, in S3, or the stack's own.

        Raises:
            ValidationError: If there is none, or it can't be read.
        """
        body, url = request.get("TemplateBody"), request.get("TemplateURL")
        if request.get("UsePreviousTemplate"):
            if body or url or previous is None:
                message = "You cannot specify both usePreviousTemplate and Template Body/Template URL."
                raise ValidationError(message)
            return previous.template
        if not body and not url:
            message = "Either Template URL or Template Body must be specified."
            raise ValidationError(message)
        return parse_template(str(body or self._fetch(str(url))))

    def _fetch(self, url: str) -> str:
        """Return a template from S3, path-style or virtual-hosted."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path).lstrip("/")
        bucket, _, key = path.partition("/")
        if ".s3." in host and not host.startswith("s3."):
            bucket, key = host.split(".s3.", 1)[0], path
        s3 = client("s3", self._settings, self._region, self._account_id)
        try:
            return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
        except ClientError as error:
            message = f"S3 error: {error.response['Error']['Message']} ({url})"
            raise ValidationError(message) from error

    def _read_ssm(self, name: str) -> str:
        ssm = client("ssm", self._settings, self._region, self._account_id)
        try:
            return str(ssm.get_parameter(Name=name)["Parameter"]["Value"])
        except ClientError as error:
            message = f"Unable to fetch parameters [{name}] from parameter store for this account."
            raise ValidationError(message) from error
