"""Event source mappings of queues: what Lambda's API keeps and refuses; `event_sources.py` polls.

moto invokes the function while a message is being sent, with invented attributes and without redrive.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaFunction
from moto.sqs.models import sqs_backends

from mwaactl.emulator.authorization.service_access import role_may
from mwaactl.emulator.functions.deliveries import Place

REPORTS_FAILURES = "ReportBatchItemFailures"
_SMALL_BATCH = 10
_LARGEST_BATCH = 10_000
_NEEDED = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
_MODELLED = frozenset(
    {
        "BatchSize",
        "Enabled",
        "EventSourceArn",
        "FunctionName",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "ScalingConfig",
        "Tags",
    }
)


class MappingConflictError(LambdaClientError):
    """The function reads from the queue already."""

    code = 409

    def __init__(self, queue_arn: str, function: str, uuid: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f'An event source mapping with SQS arn (" {queue_arn} ") and function (" {function} ") already '
            f"exists. Please update or delete the existing mapping with UUID {uuid}",
        )


class QueueMappingBackend(LambdaBackend):
    """moto's backend with mappings of queues that nobody polls but the emulator's own poller."""

    def create_event_source_mapping(self, spec: dict[str, Any]) -> EventSourceMapping:
        """Create a mapping.

        Args:
            spec: the members of CreateEventSourceMapping.

        Raises:
            LambdaClientError: the request is refused.
        """
        arn = str(spec.get("EventSourceArn") or "")
        _refuse_unmodelled(spec)
        function = self.get_function(spec.get("FunctionName") or "")
        for other in self.list_event_source_mappings(arn, function.function_arn):
            raise MappingConflictError(arn, function.function_name, other.uuid)
        _refuse_batch(spec, arn)
        _refuse_queue(arn, function)
        members = {"RegionName": self.region_name, "AccountId": self.account_id}
        mapping = EventSourceMapping(  # type: ignore[abstract]
            {**spec, **members, "FunctionArn": function.function_arn}
        )
        self._event_source_mappings[mapping.uuid] = mapping
        return mapping

    def update_event_source_mapping(self, uuid: str, spec: dict[str, Any]) -> EventSourceMapping | None:
        """Change the members that are given; None if there is no such mapping.

        Raises:
            LambdaClientError: the request is refused.
        """
        mapping = self.get_event_source_mapping(uuid)
        if mapping is None:
            return None
        arn = mapping.event_source_arn
        given = {name: value for name, value in spec.items() if name != "UUID" and value is not None}
        _refuse_unmodelled({**given, "EventSourceArn": arn})
        before = {
            "BatchSize": mapping.batch_size,
            "MaximumBatchingWindowInSeconds": mapping.max_batch_window,
        }
        _refuse_batch({**before, **given}, arn)
        if name := given.get("FunctionName"):
            _refuse_queue(arn, self.get_function(name))
        return super().update_event_source_mapping(uuid, given)

    def list_event_source_mappings(
        self, event_source_arn: str, function_name: str
    ) -> Iterable[EventSourceMapping]:
        """Return the mappings of a source and of a function, however it is named."""
        wanted = self.get_function(function_name).function_arn if function_name else None
        return [
            mapping
            for mapping in list(self._event_source_mappings.values())
            if event_source_arn in {None, "", mapping.event_source_arn}
            and wanted in {None, mapping.function_arn}
        ]


def queue_of(arn: str) -> Any:  # noqa: ANN401 - moto sets most attributes of its model by name
    """Return moto's queue by its ARN; None if it is gone."""
    place = Place.of(arn)
    return sqs_backends[place.account][place.region].queues.get(place.name)


def _refuse_unmodelled(spec: Mapping[str, Any]) -> None:
    service = str(spec.get("EventSourceArn") or "").split(":")[2:3]
    if service != ["sqs"]:
        source = service[0] if service else "this kind"
        _refuse(f"the emulator does not model event sources of {source}, only queues of sqs")
    given = {name for name, value in spec.items() if value not in (None, [], {})}
    if unknown := sorted(given - _MODELLED):
        _refuse(f"the emulator does not model {', '.join(unknown)} of event source mappings")


def _refuse_batch(spec: Mapping[str, Any], queue_arn: str) -> None:
    size = int(spec.get("BatchSize") or _SMALL_BATCH)
    largest = _SMALL_BATCH if queue_arn.endswith(".fifo") else _LARGEST_BATCH
    if not 1 <= size <= largest:
        _refuse(f"Invalid request: batch size must be between 1 and {largest}")
    if size > _SMALL_BATCH and not spec.get("MaximumBatchingWindowInSeconds"):
        _refuse(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )


def _refuse_queue(arn: str, function: LambdaFunction) -> None:
    queue = queue_of(arn)
    if queue is None:
        _refuse(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist."
        )
        return
    for action in _NEEDED:
        if not role_may(function.role, f"sqs:{action}", arn):
            _refuse(f"The provided execution role does not have permissions to call {action} on SQS")
    visibility, timeout = int(queue.visibility_timeout or 0), int(function.timeout)
    if visibility < timeout:
        _refuse(
            f"Queue visibility timeout: {visibility} seconds is less than Function timeout: {timeout} seconds"
        )


def _refuse(reason: str) -> None:
    raise InvalidParameterValueException(reason)
