"""An Airflow 3 that answers the REST API from what lies in an in-memory bucket."""

from __future__ import annotations

import ast
import io
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

from mwaactl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.errors import MwaactlError
    from tests.fakes.in_memory_aws import FakeClock


class HasContents(Protocol):
    """What Airflow sees of a bucket: key to content."""

    @property
    def contents(self) -> Mapping[str, bytes]: ...


@dataclass(slots=True)
class ParsingAirflow:
    """Parses each time it is asked; what was written less than `lag` ago it does not see yet.

    A file is a DAG if it holds `DAG(`; it fails to import if it holds `broken`.
    A DAG's id is its file's stem. A comment behind `broken` is a second line of the error.

    Attributes:
        lag: Seconds from a write to the parse that sees it.
        paused: Ids of paused DAGs.
        run_states: States that a run goes through, one per question; the last one stays.
        task_states: Task id to state, of every run.
        assets: What DAGs declare, as Airflow shows it.
        events: Of assets, newest first.
        failed: Task instances that failed, newest first.
        refusals: Errors that the next questions about a run's state get, one each.
    """

    bucket: HasContents
    clock: FakeClock
    lag: float = 0.0
    paused: set[str] = field(default_factory=set)
    run_states: list[str] = field(default_factory=lambda: ["running", "success"])
    task_states: dict[str, str] = field(default_factory=lambda: {"load": "success"})
    refusals: list[MwaactlError] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    assets: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    failed_runs: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _seen: dict[str, tuple[bytes, Any]] = field(default_factory=dict)
    _visible: dict[str, bytes] = field(default_factory=dict)

    def answer(self, method: str, path: str, query: dict[str, Any], body: dict[str, Any]) -> Any:
        assert len(path) <= 64, "MWAA takes no longer path"
        self.calls.append(f"{method} {path}")
        self.copy_bucket()
        if path == "/dags/~/dagRuns/list":
            if self.refusals:
                raise self.refusals.pop(0)
            if "states" in body:
                return {"dag_runs": self.failed_runs, "total_entries": len(self.failed_runs)}
            return {"dag_runs": self._advanced_runs(body["dag_ids"][0])}
        if path == "/dags/~/dagRuns/~/taskInstances/list":
            if "state" in body:
                return {"task_instances": self.failed, "total_entries": len(self.failed)}
            return self._task_instances()
        listed = self._listed(path)
        return self._about_one(method, path, body) if listed is None else _page(*listed, query)

    def _listed(self, path: str) -> tuple[str, list[dict[str, Any]]] | None:
        match path:
            case "/importErrors":
                return "import_errors", self._import_errors()
            case "/assets/events":
                return "asset_events", self.events
            case "/assets":
                return "assets", self.assets
            case "/dags":
                return "dags", [self._dag(dag_id) for dag_id in self._dag_files()]
            case _:
                return None

    def _about_one(self, method: str, path: str, body: dict[str, Any]) -> Any:
        parts = path.strip("/").split("/")
        files = self._dag_files()
        if parts[1] not in files:
            message = f"Airflow answered {method} {path} with 404: not found"
            raise OperationError(message, code="airflow.http-404", context={"status": "404"})
        dag_id = parts[1]
        if parts[0] == "dagSources":
            return {"content": self._visible[files[dag_id]].decode(), "dag_id": dag_id, "version_number": 1}
        if method == "PATCH":
            assert body == {"is_paused": False}
            self.paused.discard(dag_id)
        if parts[2:] == ["dagRuns"]:
            assert "logical_date" in body, "Airflow 3 asks for the key"
            return self._new_run(dag_id, body)
        return self._dag(dag_id)

    def _new_run(self, dag_id: str, body: dict[str, Any]) -> dict[str, Any]:
        run = {
            "dag_id": dag_id,
            "dag_run_id": f"manual__{len(self.runs) + 1}",
            "state": "queued",
            "logical_date": body["logical_date"],
            "start_date": self.clock.now().isoformat(),
            "end_date": None,
            "conf": body["conf"],
        }
        self.runs.insert(0, run)
        return run

    def _advanced_runs(self, dag_id: str) -> list[dict[str, Any]]:
        state = self.run_states.pop(0) if len(self.run_states) > 1 else self.run_states[0]
        for run in self.runs:
            run["state"] = state
            run["end_date"] = self.clock.now().isoformat() if state in ("success", "failed") else None
        return [run for run in self.runs if run["dag_id"] == dag_id]

    def _task_instances(self) -> dict[str, Any]:
        found = [
            {"task_id": task, "map_index": -1, "state": state, "try_number": 1}
            for task, state in self.task_states.items()
        ]
        return {"task_instances": found, "total_entries": len(found)}

    def copy_bucket(self) -> None:
        """Note what lies in the bucket now, and parse what has been there for long enough."""
        now, present = self.clock.now(), dict(_sources(self.bucket.contents))
        for key, content in present.items():
            if self._seen.get(key, (b"", 0))[0] != content:
                self._seen[key] = (content, now)
        due = {
            key: content
            for key, (content, since) in self._seen.items()
            if now - since >= timedelta(seconds=self.lag)
        }
        # Until the new content is parsed, Airflow shows what it parsed before.
        known = self._visible | due
        self._visible = {key: content for key, content in known.items() if key in present}

    def _dag_files(self) -> dict[str, str]:
        good = (
            key for key, content in self._visible.items() if b"DAG(" in content and not _is_broken(content)
        )
        return {PurePosixPath(key).stem: key for key in sorted(good)}

    def _dag(self, dag_id: str) -> dict[str, Any]:
        return {
            "dag_id": dag_id,
            "is_paused": dag_id in self.paused,
            "relative_fileloc": self._dag_files()[dag_id].removeprefix("dags/"),
            "last_parsed_time": self.clock.now().isoformat(),
        }

    def _import_errors(self) -> list[dict[str, Any]]:
        return [
            {
                "import_error_id": number,
                "timestamp": self.clock.now().isoformat(),
                "filename": key.removeprefix("dags/"),
                "stack_trace": _trace(key, content),
            }
            for number, (key, content) in enumerate(sorted(self._visible.items()))
            if _is_broken(content)
        ]


def _sources(contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the Python files of the DAG folder, and those at the root of an archive in it."""
    for key, content in contents.items():
        if key.startswith("dags/") and key.endswith(".py"):
            yield key, content
        elif key.startswith("dags/") and key.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    if name.endswith(".py") and "/" not in name:
                        yield f"{key}/{name}", archive.read(name)


def _is_broken(content: bytes) -> bool:
    return b"broken" in content


def _trace(key: str, content: bytes) -> str:
    ast.parse(content)
    lines = content.decode(errors="replace").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "broken" in text)
    further = lines[line - 1].partition("#")[2]
    return (
        "Traceback (most recent call last):\n"
        '  File "<frozen importlib._bootstrap>", line 488, in _call_with_frames_removed\n'
        f'  File "/usr/local/airflow/{key}", line {line}, in <module>\n'
        "    broken\n"
        f"NameError: name 'broken' is not defined\n{further}\n"
    )


def _page(member: str, items: list[Any], query: dict[str, Any]) -> dict[str, Any]:
    offset, limit = query["offset"], query["limit"]
    return {member: items[offset : offset + limit], "total_entries": len(items)}
