"""What Airflow says over StatsD, gathered until somebody asks.

https://github.com/statsd/statsd/blob/master/docs/metric_types.md
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from threading import Lock, Thread

from mwaactl.emulator.metrics.statistics import Sample

_LARGEST_PACKET = 65_535


@dataclass(slots=True)
class Gathered:
    """Values by name, as they have come since the last time.

    Attributes:
        counters: Sums of counters.
        gauges: The last values of gauges.
        timers: Values of timers, in milliseconds.
    """

    counters: dict[str, float] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)
    timers: dict[str, Sample] = field(default_factory=dict)

    def add(self, line: str) -> None:
        """Take one line of a packet, `name:value|type|@rate`; what is none is passed over."""
        name, _, rest = line.partition(":")
        parts = rest.split("|")
        try:
            value, kind, rate = float(parts[0]), parts[1], _rate(parts)
        except (ValueError, IndexError):
            return
        match kind:
            case "c":
                self.counters[name] = self.counters.get(name, 0.0) + value / rate
            case "g":
                relative = parts[0][0] in "+-"
                self.gauges[name] = self.gauges.get(name, 0.0) + value if relative else value
            case "ms":
                self.timers[name] = _with(self.timers.get(name), value)
            case _:
                pass


class StatsdReceiver:
    """Listens on a loopback port until it is closed."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._lock = Lock()
        self._gathered = Gathered()
        self._closed = False
        self._thread = Thread(target=self._listen, name="statsd", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        port: int = self._socket.getsockname()[1]
        return port

    def take(self) -> Gathered:
        """Return what has come since this was last asked."""
        with self._lock:
            gathered, self._gathered = self._gathered, Gathered()
        return gathered

    def close(self) -> None:
        """Stop listening."""
        self._closed = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()

    def _listen(self) -> None:
        while not self._closed:
            packet = self._socket.recv(_LARGEST_PACKET)
            with self._lock:
                for line in packet.decode(errors="replace").splitlines():
                    self._gathered.add(line)


def _rate(parts: list[str]) -> float:
    rates = [float(part[1:]) for part in parts[2:] if part.startswith("@")]
    return rates[0] if rates and rates[0] else 1.0


def _with(before: Sample | None, value: float) -> Sample:
    if before is None:
        return Sample.of(value)
    least, most = min(before.least, value), max(before.most, value)
    return Sample(before.count + 1, before.total + value, least, most)
