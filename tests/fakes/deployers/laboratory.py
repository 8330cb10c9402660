"""An account, deployers as processes, and two versions of a project: what trials of deployments need."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_bundle
from tests.fakes.command_line import CONFIGURATION
from tests.fakes.deployers.processes import SECONDS, Deployers
from tests.fakes.wire.account import WireAccount, project_tree
from tests.fakes.wire.faults import READ_TIMEOUT
from tests.fakes.wire.requests import NoAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.deployers.job import Ended
    from tests.fakes.deployers.processes import Deployer
    from tests.fakes.wire.account import Kept
    from tests.fakes.wire.faults import Fault
    from tests.fakes.wire.requests import Reaction, WireRequest
    from tests.fakes.wire.server import Handler

GIVING_BACK = "s3 DeleteObject releases/lock.json"
WRITES = ("PutObject", "DeleteObject", "UpdateStack", "UpdateEnvironment", "POST /deploy")

DAG = "from airflow.sdk import DAG\nfrom lib.{module} import TABLES\nDAG('{name}')\n"


@dataclass(frozen=True, slots=True)
class Point:
    """One request of a deployment: its name, and which one of that name it is."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name} #{self.number}"


@dataclass(slots=True)
class Hold:
    """A request that waits."""

    deployer: str
    name: str
    _came: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        self._came.set()
        assert self._over.wait(SECONDS)

    def wait(self) -> None:
        """Wait until the request has come."""
        assert self._came.wait(SECONDS)

    def let_go(self) -> None:
        self._over.set()


@dataclass(frozen=True, slots=True)
class Struck:
    """What came of a deployer that something went wrong for.

    Attributes:
        ended: How it ended.
        came: Whether the fault struck at all.
        given_back: For each try to give the lock back whether it was let through.
        seconds: How long it took.
    """

    ended: Ended
    came: bool
    given_back: list[bool]
    seconds: float


@dataclass(slots=True)
class Laboratory:
    """Everything that a trial needs.

    Attributes:
        empty: The account before anything was deployed.
        requests: What came since the last deployer was started.
    """

    folder: Path
    account: WireAccount = field(default_factory=WireAccount)
    deployers: Deployers = field(init=False)
    empty: Kept = field(init=False)
    requests: list[Point] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    _artifacts: dict[Path, dict[str, str]] = field(default_factory=dict)
    _holds: list[Hold] = field(default_factory=list)
    _meetings: dict[str, threading.Barrier] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.deployers = Deployers(self.folder)
        self.empty = self.account.keep()
        self._rehearse()
        self.account.server.intercept = self._note

    def project(self, name: str, files: dict[str, str]) -> Path:
        """Write a project."""
        root = self.folder / name
        self._artifacts.pop(root, None)
        for path, content in {"mwaactl.toml": CONFIGURATION, **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content, encoding="utf-8")
        return root

    def _rehearse(self) -> None:
        """Let the process that forks deployers deploy once: each would load and compile the same again."""
        root = self.project("rehearsed", before())
        ended = self.run(root, "deploy", rehearsal=True)
        assert ended.code == 0, ended.stderr
        self.account.restore(self.empty)

    def start(self, root: Path, *arguments: str, **options: float | str) -> Deployer:
        """Start a deployer, and count requests anew."""
        self.requests.clear()
        self._counts.clear()
        return self.deployers.start(self.account.server.url, root, *arguments, **options)

    def run(self, root: Path, *arguments: str, **options: float | str) -> Ended:
        """Run a deployer to its end."""
        return self.start(root, *arguments, **options).wait()

    def hold(self, deployer: str, name: str) -> Hold:
        """Hold a deployer's first request of a name, before it is carried out, until it is let go."""
        held = Hold(deployer, name)
        self._holds.append(held)
        return held

    def meet(self, name: str, parties: int) -> None:
        """Hold the next requests of a name until so many have come."""
        self._meetings[name] = threading.Barrier(parties)

    def note(self, request: WireRequest) -> Point:
        """Count a request."""
        with self._lock:
            self._counts[request.name] += 1
            point = Point(request.name, self._counts[request.name])
            self.requests.append(point)
        return point

    def writes(self) -> list[str]:
        """Return the requests since the last start that may change something."""
        return [each.name for each in self.requests if any(word in each.name for word in WRITES)]

    def killed_at(self, point: Point, root: Path, *arguments: str, late: bool) -> bool:
        """Run a deployer that is killed when a request arrives, or when it has been carried out.

        Returns:
            Whether the request came.
        """
        begun, came = threading.Event(), threading.Event()
        victim: list[Deployer] = []

        def kill(request: WireRequest, handle: Handler) -> Reaction:
            if self.note(request) != point:
                return handle(request)
            came.set()
            if late:
                handle(request)
            begun.wait()
            victim[0].kill()
            return NoAnswer()

        self.account.server.intercept = kill
        victim.append(self.start(root, *arguments))
        begun.set()
        victim[0].wait()
        self.account.server.wait_until_idle()
        self.account.server.intercept = self._note
        return came.is_set()

    def stopped_at(self, point: Point, root: Path, *arguments: str, **options: float | str) -> Deployer:
        """Start a deployer, and return it when it was stopped after a request."""
        begun, stopped = threading.Event(), threading.Event()
        sleeper: list[Deployer] = []

        def stop(request: WireRequest, handle: Handler) -> Reaction:
            if self.note(request) != point:
                return handle(request)
            begun.wait()
            sleeper[0].signal(signal.SIGSTOP)
            sleeper[0].wait_until_stopped()
            answer = handle(request)
            stopped.set()
            return answer

        self.account.server.intercept = stop
        sleeper.append(self.start(root, *arguments, **options))
        begun.set()
        assert stopped.wait(SECONDS)
        self.account.server.wait_until_idle()
        self.account.server.intercept = self._note
        return sleeper[0]

    def run_into(self, fault: Fault, point: Point, root: Path, *arguments: str) -> Struck:
        """Run a deployer to its end, while something goes wrong at a request."""
        first: list[WireRequest] = []
        given_back: list[bool] = []

        def strike(request: WireRequest, handle: Handler) -> Reaction:
            hit = self.note(request) == point
            if hit:
                first.append(request)
            hit = hit or bool(first and fault.strikes_again(first[0], request))
            if request.name == GIVING_BACK:
                given_back.append(not hit)
            return fault.react(request, handle) if hit else handle(request)

        self.account.server.intercept = strike
        began = time.monotonic()
        ended = self.run(root, *arguments, read_timeout=READ_TIMEOUT)
        seconds = time.monotonic() - began
        self.account.server.wait_until_idle()
        self.account.server.intercept = self._note
        return Struck(ended, bool(first), given_back, seconds)

    def unconverged(self, root: Path) -> list[str]:
        """Return what is not as a finished deployment of a project leaves it."""
        account, current = self.account, self.account.current()
        if current is None:
            return ["no release is current"]
        bucket = account.aws.bucket
        recorded = {each["key"]: each["sha256"] for each in current["files"]}
        artifacts = self._artifacts_of(root)
        shown = {
            "the tree is not the project's": account.tree() != project_tree(root),
            "the record is not the tree": recorded != account.tree() | artifacts,
            "the release is not released": current["state"] != "released",
            "the two records differ": bucket.contents[f"releases/{current['id']}.json"]
            != bucket.contents["releases/current.json"],
            "the environment runs other artifacts": account.running_artifacts() != artifacts,
            "the lock is still there": account.locked(),
            "a release was promoted before it was parsed": any(account.promoted.values()),
        }
        return [what for what, wrong in shown.items() if wrong]

    def _artifacts_of(self, root: Path) -> dict[str, str]:
        """Return the SHA-256 of every artifact of a project, which are packed once."""
        if root not in self._artifacts:
            self._artifacts[root] = {each.key: each.sha256 for each in read_bundle(root).artifacts}
        return self._artifacts[root]

    def close(self) -> None:
        self.deployers.close()
        self.account.close()

    def _note(self, request: WireRequest, handle: Handler) -> Reaction:
        self.note(request)
        for each in self._holds:
            if (each.deployer, each.name) == (request.deployer, request.name):
                each.keep()
        if (meeting := self._meetings.get(request.name)) is not None:
            with suppress(threading.BrokenBarrierError):
                meeting.wait(SECONDS)
                self._meetings.pop(request.name, None)
        return handle(request)


def before(dags: int = 6) -> dict[str, str]:
    """Return the files of a project."""
    files = {
        f"dags/report_{number}.py": DAG.format(module="tables", name=f"report_{number}")
        for number in range(dags)
    }
    return files | {
        "dags/lib/tables.py": "TABLES = ('flights',)\n",
        "dags/lib/old.py": "TABLES = ()\n",
        "dags/report_0.py": DAG.format(module="old", name="report_0"),
        "plugins/flights_plugin/__init__.py": "VERSION = 1\n",
        "requirements/requirements.txt": "cowsay==6.0\n",
    }


def after(dags: int = 6) -> dict[str, str]:
    """Return the same project later: of DAGs, modules and artifacts some are new, changed and gone."""
    files = before(dags) | {
        "dags/lib/tables.py": "TABLES = ('flights', 'planes')\n",
        "dags/lib/added.py": "TABLES = ('weather',)\n",
        "dags/report_1.py": DAG.format(module="added", name="report_1"),
        "dags/report_added.py": DAG.format(module="added", name="report_added"),
        "plugins/flights_plugin/__init__.py": "VERSION = 2\n",
        "requirements/requirements.txt": "cowsay==6.1\n",
    }
    return {path: content for path, content in files.items() if path not in GONE}


GONE = ("dags/report_0.py", "dags/lib/old.py")
