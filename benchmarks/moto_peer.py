"""The emulator's S3 beside a bare moto server of the same environment, request for request."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import boto3
from botocore.config import Config

from benchmarks.measure import BIN
from benchmarks.own_emulator import free_port, own_emulator
from benchmarks.report import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OBJECTS, SIZE, THREADS, RUNS = 400, 20_000, 8, 5
TEXT = (
    f"{OBJECTS} objects of {SIZE // 1000} kB through {THREADS} threads of one boto3 client. "
    "moto: `moto_server` of the same environment,\nin a process of its own. Medians, taken in turns."
)
STEPS = ("put", "get", "list", "delete")


def measure() -> Section:
    """Measure both in turns."""
    with (
        tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as folder,
        own_emulator(Path(folder)) as settings,
        bare_moto() as peer_url,
    ):
        clients = _client(settings.endpoint_url), _client(peer_url)
        turns = [[_steps(client, f"run-{number}") for client in clients] for number in range(RUNS + 1)]
    own, peer = (
        {step: statistics.median(turn[side][step] for turn in turns[1:]) for step in STEPS} for side in (0, 1)
    )
    ratios = {step: own[step] / peer[step] for step in STEPS}
    whole = sum(own.values()) / sum(peer.values())
    for step in STEPS:
        print(f"{step} {own[step]:.2f} s | moto {peer[step]:.2f} s | {ratios[step]:.2f} times", flush=True)
    rows = [_cells(step, own[step], peer[step], "") for step in STEPS]
    kept = whole <= 1
    promised = "≤ 1" + ("" if kept else ": **not kept**")
    rows.append(_cells("all of these", sum(own.values()), sum(peer.values()), promised))
    columns = ("what", "seconds", "moto", "figure", "promised", "runs")
    return Section("S3 and moto", TEXT, columns, tuple(rows), kept)


def _cells(what: str, own: float, peer: float, promised: str) -> tuple[str, ...]:
    return what, f"{own:.2f}", f"{peer:.2f}", f"{own / peer:.2f} times its time", promised, str(RUNS)


def _steps(client: Any, bucket: str) -> dict[str, float]:  # noqa: ANN401
    body = b"x" * SIZE
    keys = [f"folder-{number % 7}/{number}" for number in range(OBJECTS)]
    client.create_bucket(Bucket=bucket)
    return {
        "put": _each(lambda key: client.put_object(Bucket=bucket, Key=key, Body=body), keys),
        "get": _each(lambda key: client.get_object(Bucket=bucket, Key=key)["Body"].read(), keys),
        "list": _each(lambda _: client.list_objects_v2(Bucket=bucket, Prefix="folder-3/"), keys[:40]),
        "delete": _each(lambda key: client.delete_object(Bucket=bucket, Key=key), keys),
    }


def _each(call: Callable[[str], object], keys: list[str]) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(call, keys))
    return time.perf_counter() - started


def _client(url: str) -> Any:  # noqa: ANN401
    create: Any = boto3.session.Session("bench", "bench", region_name="us-east-1").client
    config = Config(proxies={}, max_pool_connections=THREADS, s3={"addressing_style": "path"})
    return create("s3", endpoint_url=url, config=config)


@contextmanager
def bare_moto() -> Iterator[str]:
    """Run a moto server; give its address."""
    port = free_port()
    command = [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        url = f"http://127.0.0.1:{port}"
        while not _answers(f"{url}/moto-api/"):
            time.sleep(0.1)
        yield url
        process.terminate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - a loopback address
            return True
    except URLError:
        return False
