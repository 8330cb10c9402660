"""Lambda's API where moto's answers are not AWS's: asynchronous invocations, per qualifier."""

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from moto.awslambda.exceptions import GenericResourcNotFound, UnknownEventConfig, UnknownLayerException
from moto.awslambda.responses import LambdaResponse
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult

from mwaactl.emulator.functions.event_invoke_config import put_config, update_config

if TYPE_CHECKING:
    from mwaactl.emulator.functions.models import ProcessFunction

_REQUEST_ID = "x-amzn-requestid"


class FunctionResponse(LambdaResponse):
    """moto's answers and these."""

    @staticmethod
    def _enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:  # noqa: ANN401 - moto's
        """Keep the request's id where it is the invocation's, which its log and its records carry too."""
        own = headers.get(_REQUEST_ID)
        enriched, content = LambdaResponse._enrich_response(headers, body)  # noqa: SLF001 - as moto calls it
        return enriched | ({_REQUEST_ID: own} if own else {}), content

    def invoke(self) -> TYPE_RESPONSE:
        """Invoke, also a version or an alias: moto looks for the qualifier under another name."""
        if qualifier := self._qualifier():
            self.querystring["qualifier"] = [qualifier]
        answer: TYPE_RESPONSE = super().invoke()
        return answer

    def invoke_async(self) -> TYPE_RESPONSE:
        """InvokeAsync, the old way to invoke asynchronously."""
        name = unquote(self.path.rstrip("/").split("/")[-2])
        function = cast("ProcessFunction", self.backend.get_function(name, None))
        function.invoke_asynchronously(self.body)
        return 202, {"status": "202"}, json.dumps({"Status": 202})

    def create_event_source_mapping(self) -> TYPE_RESPONSE:
        """CreateEventSourceMapping: the mapping is enabled a moment later."""
        mapping = self.backend.create_event_source_mapping(self.json_body)
        return 202, {"status": "202"}, json.dumps(mapping.get_configuration() | {"State": "Creating"})

    def update_event_source_mapping(self) -> TYPE_RESPONSE:
        """UpdateEventSourceMapping: the answer tells where the mapping is going.

        Raises:
            GenericResourcNotFound: there is none.
        """
        found = self.backend.get_event_source_mapping(self._uuid())
        before = bool(found.enabled) if found else None
        mapping = self.backend.update_event_source_mapping(self._uuid(), self.json_body)
        if mapping is None:
            raise GenericResourcNotFound
        on_the_way = {(False, True): "Enabling", (True, False): "Disabling"}
        state = on_the_way.get((bool(before), bool(mapping.enabled)), "Updating")
        return 202, {"status": "202"}, json.dumps(mapping.get_configuration() | {"State": state})

    def delete_event_source_mapping(self) -> TYPE_RESPONSE:
        """DeleteEventSourceMapping.

        Raises:
            GenericResourcNotFound: there is none.
        """
        mapping = self.backend.delete_event_source_mapping(self._uuid())
        if mapping is None:
            raise GenericResourcNotFound
        mapping.enabled = False
        return 202, {"status": "202"}, json.dumps(mapping.get_configuration() | {"State": "Deleting"})

    def _uuid(self) -> str:
        return str(self.path.rstrip("/").rpartition("/")[2])

    def get_layer_version_by_arn(self) -> str:
        """GetLayerVersionByArn; moto takes its address for ListLayers.

        Raises:
            UnknownLayerException: there is no such version.
        """
        arn = self.querystring["Arn"][0]
        version = self.backend.layers_versions_by_arn(arn) if arn.count(":layer:") else None
        if version is None:
            raise UnknownLayerException
        return json.dumps(version.get_layer_version())

    def list_layers(self) -> str:
        """ListLayers, or what shares its address with it."""
        if self.querystring.get("find", [""])[0] == "LayerVersion":
            return self.get_layer_version_by_arn()
        answer: str = super().list_layers()
        return answer

    def put_function_event_invoke_config(self) -> ActionResult:
        """PutFunctionEventInvokeConfig."""
        return ActionResult(put_config(self._function(), self.json_body, self._qualifier()))

    def update_function_event_invoke_config(self) -> str:
        """UpdateFunctionEventInvokeConfig."""
        return json.dumps(update_config(self._function(), self.json_body, self._qualifier()))

    def get_function_event_invoke_config(self) -> ActionResult:
        """GetFunctionEventInvokeConfig.

        Raises:
            UnknownEventConfig: the function or the version has none.
        """
        return ActionResult(self._configured().event_invoke_config[0].response())

    def delete_function_event_invoke_config(self) -> TYPE_RESPONSE:
        """DeleteFunctionEventInvokeConfig.

        Raises:
            UnknownEventConfig: the function or the version has none.
        """
        self._configured().event_invoke_config = []
        return 204, {"status": "204"}, ""

    def _configured(self) -> "ProcessFunction":
        function = self._function()
        if not function.event_invoke_config:
            raise UnknownEventConfig(function.function_arn)
        return function

    def _function(self) -> "ProcessFunction":
        name = unquote(self.path.rsplit("/", 2)[1])
        return cast("ProcessFunction", self.backend.get_function(name, self._qualifier()))

    def _qualifier(self) -> str | None:
        found: str | None = self.querystring.get("Qualifier", [None])[0]
        return found
