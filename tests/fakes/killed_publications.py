"""A partition that is published again while its tasks are killed and tried again, as Airflow would."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.fakes.killed_requests import Killed, Requests
from typed_assets import Run
from typed_assets.building.steps import check_step, write_step
from typed_assets.io import NotPublishedError, read
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import from_json
from typed_assets.staging import Staged

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.killed_requests import Moment
    from typed_assets.services import Services
    from typed_assets.spec.assets import Asset
    from typed_assets.spec.publication import Record

type Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Publishing:
    """One partition of an asset.

    Attributes:
        asset: it is.
        partition: the key.
        services: where it stands; their requests end well.
    """

    asset: Asset
    partition: str
    services: Services

    def publish(self, rows: Rows, run_id: str) -> Record:
        """Publish rows without any kill."""
        return self.publish_killed(rows, run_id, Requests(0, "before"), lambda: None)

    def publish_killed(self, rows: Rows, run_id: str, requests: Requests, look: Callable[[], None]) -> Record:
        """Publish rows; a task whose process is killed is tried again. Somebody looks after each kill."""
        services = replace(self.services, client=lambda name: requests.client(self.services.client(name)))
        run = Run(dag_id="killed", run_id=run_id, partition=self.partition)
        step = AssetStep(id="step", assets=(self.asset,), make=lambda: rows)

        def write() -> Any:
            (staged,) = write_step(step, services=services, run=run)
            return json.loads(json.dumps(staged.to_json()))

        def check() -> Record:
            return check_step(self.asset, Staged.from_json(told), services=services, run=run)

        told = tried(write, look)
        return tried(check, look)

    def seen(self) -> Rows:
        """Return what a reader sees now."""
        try:
            found = list(read(self.asset, services=self.services, partition=self.partition))
        except NotPublishedError:
            return []
        return sorted(found, key=str)

    def history(self) -> list[Record]:
        """Return all records."""
        s3, bucket = self.services.client("s3"), self.services.options["data_bucket"]
        keys = self.keys("_assets/history/")
        return [from_json(json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())) for key in keys]

    def keys(self, prefix: str) -> list[str]:
        """Return the keys in the data bucket below a prefix that belong to the asset."""
        pages = self.services.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.services.options["data_bucket"], Prefix=prefix)
        keys = (item["Key"] for page in found for item in page.get("Contents", ()))
        return [key for key in keys if self.asset.name in key or self.asset.name.replace(".", "/") in key]


def tried[T](task: Callable[[], T], look: Callable[[], None]) -> T:
    """Run a task, and once more where its process was killed."""
    try:
        return task()
    except Killed:
        look()
        return task()


def matrix(
    prepare: Callable[[str], Publishing], rows: tuple[Rows, Rows], moment: Moment, every: int = 1
) -> int:
    """Publish second rows over first ones, killed at each request in turn; return how many there are.

    Args:
        prepare: makes a fresh partition, named after a text.
        rows: what is published before, and what with a kill; as readers see them, sorted.
        moment: of the kill.
        every: only each so many requests.
    """
    number = 1
    while (sent := _killed_at(number, prepare, rows, moment)) >= number:
        number += every
    return sent


def _killed_at(
    number: int, prepare: Callable[[str], Publishing], rows: tuple[Rows, Rows], moment: Moment
) -> int:
    """Publish, killed at one request; return how many there were."""
    made, requests, looks = prepare(f"{moment}{number}"), Requests(number, moment), list[Rows]()
    old, new = rows
    made.publish(old, "first")
    record = made.publish_killed(new, "second", requests, lambda: looks.append(made.seen()))
    where = f"killed {moment} request {number} of {requests.sent}"
    assert all(look in (good(old), good(new)) for look in looks), where
    assert made.seen() == good(new), where
    first, second = made.history()
    assert (first.run_id, second.run_id) == ("first", "second"), where
    assert (second, record.published) == (record, True), where
    assert [key for key in made.keys("") if "staging/" in key] == [], where
    assert len(looks) == (number <= len(requests.sent)), where
    return len(requests.sent)


def good(rows: Rows) -> Rows:
    """Return the rows that go to no quarantine."""
    return sorted((row for row in rows if row["flight"] > 0), key=str)
