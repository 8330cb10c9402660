"""Looks after the queues that functions read from: one thread for all mappings, and one per batch in work."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from moto.awslambda.models import EventSourceMapping, lambda_backends

from mwaactl.emulator.functions.api_errors import CannotRunError, TooManyRequestsError
from mwaactl.emulator.functions.event_source_mappings import REPORTS_FAILURES, queue_of
from mwaactl.emulator.functions.queue_consumer import Batching, QueueConsumer

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition

    Clients = Callable[[FunctionDefinition, str, str], Any]

_log = logging.getLogger(__name__)
LOOK_SECONDS = 0.25
MOST_CONSUMERS = 5
"""As many batches as Lambda takes from a queue at first: with-sqs.html, "Scaling and processing"."""
_REST_SECONDS = 5.0


class EventSources:
    """Polls.

    Args:
        clients: returns a client that acts as a function's role, for a service in a region.
        clock: seconds that only go on.
    """

    def __init__(self, clients: "Clients", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clients = clients
        self._clock = clock
        self._lock = Lock()
        self._busy: Counter[str] = Counter()
        self._resting: dict[str, float] = {}
        self._end = Event()

    def start(self) -> None:
        """Begin to look; to be called when the emulator answers."""
        Thread(target=self._run, name="event-sources", daemon=True).start()

    def close(self) -> None:
        """Stop looking; batches in work are finished."""
        self._end.set()

    def _run(self) -> None:
        while not self._end.wait(LOOK_SECONDS):
            for backend, mapping in _mappings():
                try:
                    self._look(backend, mapping)
                except Exception:  # noqa: BLE001 - one odd mapping must not stop the others
                    _log.exception("the queue %s could not be looked at", mapping.event_source_arn)

    def _look(self, backend: Any, mapping: EventSourceMapping) -> None:  # noqa: ANN401 - moto's model
        if self._wants_consumer(mapping):
            with self._lock:
                self._busy[mapping.uuid] += 1
            Thread(target=self._consume, args=(backend, mapping), daemon=True).start()

    def _wants_consumer(self, mapping: EventSourceMapping) -> bool:
        if not mapping.enabled or self._resting.get(mapping.uuid, 0.0) > self._clock():
            return False
        most = int((mapping.scaling_config or {}).get("MaximumConcurrency") or MOST_CONSUMERS)
        queue = queue_of(mapping.event_source_arn)
        return self._busy[mapping.uuid] < most and queue is not None and bool(queue.messages)

    def _consume(self, backend: Any, mapping: EventSourceMapping) -> None:  # noqa: ANN401 - moto's model
        try:
            function = backend.get_function(mapping.function_arn)
            sqs = self._clients(function.definition(), "sqs", mapping.region)
            consumer = QueueConsumer(sqs, function, batching_of(mapping))
            while mapping.enabled and not self._end.is_set() and consumer.consume():
                pass
        except (TooManyRequestsError, CannotRunError, ClientError) as error:
            self._resting[mapping.uuid] = self._clock() + _REST_SECONDS
            _log.warning("messages of %s are not handled: %s", mapping.event_source_arn, error)
        except Exception:  # noqa: BLE001 - nobody waits for the thread's result
            self._resting[mapping.uuid] = self._clock() + _REST_SECONDS
            _log.exception("messages of %s are not handled", mapping.event_source_arn)
        finally:
            with self._lock:
                self._busy[mapping.uuid] -= 1


def batching_of(mapping: EventSourceMapping) -> Batching:
    """Return how a mapping wants messages batched."""
    return Batching(
        mapping.event_source_arn,
        mapping.batch_size,
        float(mapping.max_batch_window or 0),
        REPORTS_FAILURES in (mapping.function_response_types or []),
    )


def _mappings() -> Iterator[tuple[Any, EventSourceMapping]]:
    backends: list[tuple[str, str, Any]] = list(lambda_backends.iter_backends())
    for _, _, backend in backends:
        for mapping in list(backend._event_source_mappings.values()):  # noqa: SLF001 - the list that moto keeps
            yield backend, mapping
