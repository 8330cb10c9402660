"""What Airflow's REST API answers about the assets of a small company, in the form of each version.

The declarations and records are made by `typed_assets.spec`, as tasks make them, so the page meets what it
will meet; around them stand the keys that Airflow's own models have (`openapi/v2-rest-api-generated.yaml`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from typed_assets.spec.assets import Asset, Check, Dependency, FreshnessPolicy, Quarantine
from typed_assets.spec.catalogue import asset_extra, event_extra
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.partitions import AllPartitions, Daily, Hourly, Rollup, Static
from typed_assets.spec.publication import CheckResult, Record

type Version = Literal["3.0.6", "3.2.1", "3.3.1"]
NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to publish, good or not."""

    asset: Asset
    dag: str
    at: datetime
    record: Record | None
    failed: Literal["", "failed", "upstream_failed"] = ""

    @property
    def run(self) -> str:
        return f"scheduled__{self.at.isoformat()}"

    @property
    def task(self) -> str:
        return f"{self.asset.name.replace('.', '__')}.check"


@dataclass
class Company:
    """Assets, the DAG that makes each, what happened, oldest first, and what runs now: partitions by DAG."""

    assets: list[tuple[Asset, str | None]] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)
    running: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def ids(self) -> dict[str, int]:
        """Airflow's id of each asset, by name."""
        return {asset.name: number for number, (asset, _) in enumerate(self.assets, 1)}

    @cached_property
    def event_ids(self) -> dict[tuple[str, datetime], int]:
        """Airflow's id of each publication, by asset and time."""
        good = (attempt for attempt in self.attempts if not attempt.failed)
        return {(attempt.asset.name, attempt.at): number for number, attempt in enumerate(good, 1)}

    @cached_property
    def newest(self) -> dict[str, Attempt]:
        """The newest publication of each asset, by name."""
        return {attempt.asset.name: attempt for attempt in self.attempts if not attempt.failed}

    @cached_property
    def readers(self) -> dict[str, list[str]]:
        """The DAGs that read each asset, by name."""
        found: dict[str, set[str]] = {}
        for asset, dag in self.assets:
            for dependency in asset.upstream:
                found.setdefault(dependency.asset, set()).add(str(dag))
        return {name: sorted(dags) for name, dags in found.items()}


def _columns(*rows: tuple[str, ColumnType, dict[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(name=name, type=kind, **rules) for name, kind, rules in rows)


FLIGHTS = Contract(
    columns=_columns(
        ("flight_date", ColumnType.DATE, {"description": "Local day of departure"}),
        ("carrier", ColumnType.TEXT, {"max_bytes": 2, "pattern": "[A-Z0-9]{2}", "description": "IATA code"}),
        ("flight", ColumnType.INTEGER, {"minimum": 1, "maximum": 9999}),
        ("origin", ColumnType.TEXT, {"allowed": ("EWR", "JFK", "LGA"), "max_bytes": 3}),
        ("dest", ColumnType.TEXT, {"max_bytes": 3}),
        (
            "dep_delay",
            ColumnType.INTEGER,
            {
                "nullable": True,
                "minimum": -60,
                "severity": Severity.WARN,
                "description": "Minutes, early is negative",
            },
        ),
        ("tailnum", ColumnType.TEXT, {"nullable": True}),
    ),
    keys=(("flight_date", "carrier", "flight"),),
    rows=RowCount(minimum=500, maximum=1500),
    fresh=FreshData(column="flight_date", within=timedelta(days=2), severity=Severity.WARN),
)
OLD_FLIGHTS = replace(
    FLIGHTS,
    columns=tuple(
        replace(column, allowed=("EWR", "JFK")) if column.name == "origin" else column
        for column in FLIGHTS.columns
        if column.name != "tailnum"
    ),
)
DELAYS = Contract(
    columns=_columns(
        ("day", ColumnType.DATE, {}),
        ("carrier", ColumnType.TEXT, {"max_bytes": 2}),
        ("flights", ColumnType.INTEGER, {"minimum": 1}),
        ("mean_delay", ColumnType.FLOAT, {"nullable": True}),
    ),
    keys=(("day", "carrier"),),
    rows=RowCount(minimum=8, maximum=20),
    rules=(SqlRule(name="adds_up", sql="SELECT abs(sum(flights) - 842) FROM {table}"),),
    closed=True,
)
SIMPLE = Contract(
    columns=_columns(("id", ColumnType.INTEGER, {"unique": True}), ("name", ColumnType.TEXT, {}))
)


def _asset(name: str, **rest: Any) -> Asset:
    place = name.split(".", 1)
    uri = f"s3://{{data_bucket}}/{'/'.join(place)}/"
    if place[0] in ("mart", "raw"):
        uri = f"redshift://{{warehouse_workgroup}}/{{warehouse_database}}/{place[0]}/{place[-1]}"
    return Asset(name=name, uri=uri, **rest)


def _checks(contract: Contract | None, broken: dict[str, CheckResult]) -> tuple[CheckResult, ...]:
    names = ["schema"]
    for column in contract.columns if contract else ():
        names += [f"{column.name}.type"] if column.nullable else [f"{column.name}.required"]
        names += [f"{column.name}.allowed"] if column.allowed else []
        names += [f"{column.name}.range"] if column.minimum is not None else []
    names += ["rows"] if contract and contract.rows else []
    names += [rule.name for rule in contract.rules] if contract else []
    soft = (
        {f"{column.name}.range" for column in contract.columns if column.severity is Severity.WARN}
        if contract
        else set()
    )
    return tuple(
        broken.get(name)
        or CheckResult(name=name, passed=True, severity=Severity.WARN if name in soft else Severity.BLOCK)
        for name in names
    )


def company() -> Company:
    """Return the assets of the company and what became of them by `NOW`."""
    made = Company()
    daily = Daily(start=date(2025, 11, 1))
    hourly = Hourly(start=datetime(2026, 1, 1, tzinfo=UTC))
    flights = _asset(
        "lake.flights",
        owners=("team-flights",),
        group="flights",
        tags=("source", "daily"),
        description="All departures from the three airports of New York, one partition a day.",
        contract=FLIGHTS,
        partitions=daily,
        upstream=(Dependency("landing.departures"),),
        freshness=FreshnessPolicy(within=26 * HOUR, warn_within=25 * HOUR),
        quarantine=Quarantine(uri="s3://{data_bucket}/quarantine/flights/", max_share=0.01),
    )
    weather = _asset(
        "lake.weather_hourly",
        owners=("team-weather",),
        group="weather",
        description="Observations of each airport's station, hour by hour.",
        contract=SIMPLE,
        partitions=hourly,
        freshness=FreshnessPolicy(within=3 * HOUR),
    )
    rollup = _asset(
        "lake.weather_daily",
        owners=("team-weather",),
        group="weather",
        description="Means and extremes of each day.",
        partitions=daily,
        upstream=(Dependency("lake.weather_hourly", Rollup()),),
        freshness=FreshnessPolicy(within=30 * HOUR),
    )
    delays = _asset(
        "mart.delays",
        owners=("team-flights", "analytics"),
        group="marts",
        tags=("mart", "finance"),
        description="Delays by day and carrier, as the operations report shows them.",
        contract=DELAYS,
        upstream=(
            Dependency("lake.flights", AllPartitions()),
            Dependency("mart.carriers"),
            Dependency("lake.weather_daily", AllPartitions()),
        ),
        freshness=FreshnessPolicy(within=26 * HOUR),
        checks=(
            Check(
                name="carriers_known",
                run="checks:known",
                description="Every carrier stands in mart.carriers.",
            ),
        ),
    )
    carriers = _asset(
        "mart.carriers",
        owners=("analytics",),
        group="marts",
        description="Names of carriers.",
        contract=SIMPLE,
        upstream=(Dependency("landing.carriers"),),
    )
    features = _asset(
        "lake.features",
        owners=("team-ml",),
        group="machine learning",
        description="Features of the delay model.",
        upstream=(Dependency("mart.delays"), Dependency("lake.weather_daily", AllPartitions())),
        freshness=FreshnessPolicy(within=7 * DAY),
    )
    model = _asset(
        "lake.delay_model",
        owners=("team-ml",),
        group="machine learning",
        description="The model that was approved last.",
        upstream=(Dependency("lake.features"),),
        freshness=FreshnessPolicy(within=7 * DAY),
    )
    scores = _asset(
        "mart.scores",
        owners=("team-ml",),
        group="machine learning",
        description="Tomorrow's flights with their probable delay.",
        upstream=(Dependency("lake.delay_model"), Dependency("lake.flights", AllPartitions())),
    )
    report = _asset(
        "lake.report_unload",
        owners=("analytics",),
        group="marts",
        description="Unloaded for the finance department.",
        upstream=(Dependency("mart.delays"),),
        freshness=FreshnessPolicy(within=26 * HOUR),
    )
    tenants = _asset(
        "lake.tenant_usage",
        owners=("platform",),
        group="tenants",
        description="Use of the platform by tenant.",
        partitions=Static(tuple(f"tenant_{number:02}" for number in range(1, 25))),
    )
    planes = _asset(
        "lake.planes",
        owners=("team-flights",),
        group="flights",
        description="Planes by tail number.",
        contract=SIMPLE,
    )
    made.assets = [
        (flights, "flights_elt"),
        (weather, "weather"),
        (rollup, "weather_rollup"),
        (delays, "flights_marts"),
        (carriers, "flights_marts"),
        (features, "ml_features"),
        (model, "ml_training"),
        (scores, "ml_scoring"),
        (report, "report_unload"),
        (tenants, "tenants"),
        (planes, "planes"),
    ]
    made.paused = {"planes"}
    made.running = {"report_unload": None}
    _days(made, flights, rollup, delays, report)
    _hours(made, weather)
    _others(made, carriers, features, model, scores, tenants)
    made.attempts.sort(key=lambda attempt: attempt.at)
    return made


def _noise(seed: int, spread: int) -> int:
    return (seed * 7919 + 104729 * (seed % 13)) % (2 * spread + 1) - spread


def _attempt(
    made: Company,
    asset: Asset,
    at: datetime,
    *,
    partition: str | None = None,
    broken: dict[str, CheckResult] | None = None,
    rows: int = 1000,
    seconds: float = 12.0,
) -> None:
    dag = next(dag for each, dag in made.assets if each.name == asset.name)
    rules = asset.contract
    checks = _checks(rules, broken or {})
    blocked = any(not check.passed and check.severity is Severity.BLOCK for check in checks)
    record = Record(
        asset=asset.name,
        published=not blocked,
        at=at.isoformat(),
        dag_id=str(dag),
        run_id=f"scheduled__{at.isoformat()}",
        task_id=f"{asset.name.replace('.', '__')}.check",
        partition=partition,
        rows=rows,
        bytes=rows * 96,
        seconds=round(seconds, 1),
        schema_hash=str(len(rules.columns)) if rules else None,
        quarantined=3 if blocked else 0,
        checks=checks,
    )
    made.attempts.append(Attempt(asset, str(dag), at, record, "failed" if blocked else ""))


def _days(made: Company, flights: Asset, rollup: Asset, delays: Asset, report: Asset) -> None:
    first = date(2025, 11, 1)
    last = NOW.date() - DAY
    for number in range((last - first).days + 1):
        day = first + number * DAY
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + DAY + 4 * HOUR
        rows = 842 + _noise(number, 60) - (160 if day.weekday() == 5 else 0)
        broken: dict[str, CheckResult] = {}
        if number % 23 == 9:
            broken["dep_delay.range"] = CheckResult(
                name="dep_delay.range",
                passed=False,
                severity=Severity.WARN,
                violations=4,
                observed="4 of 842 rows",
                expected="at least -60",
            )
        if day == last:
            broken["origin.allowed"] = CheckResult(
                name="origin.allowed",
                passed=False,
                violations=17,
                observed="17 of 429 rows",
                expected="one of EWR, JFK, LGA",
            )
            broken["rows"] = CheckResult(
                name="rows", passed=False, violations=1, observed="412 rows", expected="500 to 1500"
            )
            rows = 412
        if number not in (40, 41, 42, 88):
            _attempt(
                made,
                replace(flights, contract=OLD_FLIGHTS if number < 100 else FLIGHTS),
                at,
                partition=day.isoformat(),
                broken=broken,
                rows=rows,
                seconds=21 + _noise(number + 5, 6) + (14 if number > 110 else 0),
            )
        if number != 60:
            _attempt(
                made, rollup, at - 2 * HOUR, partition=day.isoformat(), rows=3, seconds=4 + _noise(number, 1)
            )
        if number > 95 and day != last:
            warned = (
                {
                    "mean_delay.type": CheckResult(
                        name="mean_delay.type",
                        passed=False,
                        severity=Severity.WARN,
                        violations=1,
                        observed="1 of 15 rows",
                        expected="a value",
                    )
                }
                if day == last - DAY
                else {}
            )
            _attempt(
                made,
                delays,
                at + HOUR,
                broken=warned,
                rows=14 + _noise(number, 2),
                seconds=9 + _noise(number, 3),
            )
        if 100 < number < 128:
            _attempt(made, report, at + 2 * HOUR, rows=14, seconds=6)


def _hours(made: Company, weather: Asset) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = int((NOW - start) / HOUR)
    for number in range(hours):
        at = start + number * HOUR
        if not 300 <= number < 309 and number % 211 != 7:
            _attempt(
                made,
                weather,
                at + HOUR + timedelta(minutes=6),
                partition=at.strftime("%Y-%m-%dT%H"),
                rows=3,
                seconds=1.5 + (number % 7) / 10,
            )


def _others(
    made: Company, carriers: Asset, features: Asset, model: Asset, scores: Asset, tenants: Asset
) -> None:
    for week in range(12):
        _attempt(made, carriers, NOW - timedelta(days=7 * (11 - week), hours=3), rows=16, seconds=3)
        if week < 11:
            _attempt(
                made,
                features,
                NOW - timedelta(days=7 * (11 - week) - 2, hours=5),
                rows=330_000 + 700 * week,
                seconds=240 + 9 * week,
            )
            _attempt(
                made,
                model,
                NOW - timedelta(days=7 * (11 - week) - 2, hours=3),
                rows=1,
                seconds=900 + 40 * week,
            )
    _attempt(made, scores, NOW - timedelta(hours=50), rows=900, seconds=31)
    made.attempts.append(Attempt(scores, "ml_scoring", NOW - timedelta(hours=2), None, "upstream_failed"))
    for number in range(1, 22):
        _attempt(
            made,
            tenants,
            NOW - timedelta(hours=30 - number),
            partition=f"tenant_{number:02}",
            rows=100 * number,
            seconds=number,
        )


def many(count: int) -> Company:
    """Return a company of very many assets in layers, each published a few times."""
    made = Company()
    for number in range(count):
        upstream = tuple(
            Dependency(f"layer{number // 50 - 1}.asset_{parent:03}") for parent in _parents(number)
        )
        asset = _asset(
            f"layer{number // 50}.asset_{number:03}",
            owners=(f"team-{number % 9}",),
            group=f"group {number % 12}",
            upstream=upstream,
            description=f"Asset number {number}.",
        )
        made.assets.append((asset, f"dag_{number // 5:03}"))
        if number % 17:
            for each in range(2):
                _attempt(made, asset, NOW - timedelta(hours=24 * each + number % 24), rows=number * 10 + each)
    made.attempts.sort(key=lambda attempt: attempt.at)
    return made


def _parents(number: int) -> list[int]:
    if number < 50:
        return []
    base = (number // 50 - 1) * 50
    return sorted({base + (number * 3) % 50, base + (number * 7 + 1) % 50})


def asset_answer(made: Company, asset: Asset, dag: str | None, version: Version) -> dict[str, Any]:
    """Return an asset as `GET /assets` has it."""
    stamp = {"created_at": "2025-10-01T00:00:00Z", "updated_at": "2025-10-01T00:00:00Z"}
    tasks = [{"dag_id": dag, "task_id": f"{asset.name.replace('.', '__')}.check", **stamp}] if dag else []
    answer = {
        "id": made.ids[asset.name],
        "name": asset.name,
        "uri": asset.uri,
        "group": "asset",
        "extra": asset_extra(asset),
        **stamp,
        "producing_tasks": tasks,
        "aliases": [],
    }
    dags = [{"dag_id": reader, **stamp} for reader in made.readers.get(asset.name, [])]
    if version == "3.0.6":
        return {**answer, "consuming_dags": dags}
    last = made.newest.get(asset.name)
    event = (
        {"id": made.event_ids[last.asset.name, last.at], "timestamp": last.at.isoformat()} if last else None
    )
    return {
        **answer,
        "scheduled_dags": dags,
        "consuming_tasks": [],
        "watchers": [],
        "last_asset_event": event,
    }


def event_answer(made: Company, attempt: Attempt, version: Version) -> dict[str, Any]:
    """Return a publication as `GET /assets/events` has it."""
    assert attempt.record is not None
    answer = {
        "id": made.event_ids[attempt.asset.name, attempt.at],
        "asset_id": made.ids[attempt.asset.name],
        "uri": attempt.asset.uri,
        "name": attempt.asset.name,
        "group": "asset",
        "extra": event_extra(attempt.asset, attempt.record),
        "source_task_id": attempt.task,
        "source_dag_id": attempt.dag,
        "source_run_id": attempt.run,
        "source_map_index": -1,
        "created_dagruns": [],
        "timestamp": attempt.at.isoformat(),
    }
    return answer if version == "3.0.6" else {**answer, "partition_key": attempt.record.partition}


def instance_answer(attempt: Attempt) -> dict[str, Any]:
    """Return a failed task instance as `GET …/taskInstances` has it, as far as anybody reads it."""
    at = attempt.at.isoformat()
    return {
        "id": f"0195-{attempt.run}-{attempt.task}",
        "task_id": attempt.task,
        "dag_id": attempt.dag,
        "dag_run_id": attempt.run,
        "map_index": -1,
        "logical_date": at,
        "run_after": at,
        "start_date": at if attempt.failed == "failed" else None,
        "end_date": at,
        "duration": 1.0,
        "state": attempt.failed,
        "try_number": 1,
        "max_tries": 0,
        "task_display_name": attempt.task,
    }


def run_answer(attempt: Attempt, version: Version) -> dict[str, Any]:
    """Return the DAG run of an attempt as `GET …/dagRuns` has it, as far as anybody reads it."""
    partition = attempt.record.partition if attempt.record else None
    answer = {
        "dag_run_id": attempt.run,
        "dag_id": attempt.dag,
        "logical_date": attempt.at.isoformat(),
        "run_after": attempt.at.isoformat(),
        "state": "failed" if attempt.failed else "success",
        "run_type": "scheduled",
        "conf": {"partition": partition} if version == "3.0.6" and partition else {},
    }
    return answer if version == "3.0.6" else {**answer, "partition_key": partition}


def running_answer(dag: str, partition: str | None, version: Version) -> dict[str, Any]:
    """Return a DAG run that goes on, as `GET …/dagRuns` has it, as far as anybody reads it."""
    answer = {
        "dag_run_id": "manual__now",
        "dag_id": dag,
        "logical_date": None,
        "run_after": NOW.isoformat(),
        "state": "running",
        "run_type": "manual",
        "conf": {"partition": partition} if version == "3.0.6" and partition else {},
    }
    return answer if version == "3.0.6" else {**answer, "partition_key": partition}


def dag_answer(made: Company, dag: str) -> dict[str, Any]:
    """Return a DAG as `GET /dags` has it, as far as anybody reads it: one has a clock, the others assets."""
    by_clock = dag == "flights_elt"
    return {
        "dag_id": dag,
        "is_paused": dag in made.paused,
        "timetable_summary": "0 4 * * *" if by_clock else "Asset",
        "next_dagrun_run_after": "2026-03-15T04:00:00Z" if by_clock else None,
    }
