"""The handler against S3: what it writes and what it returns."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "data"
CONTRACT = {
    "table": "delays",
    "columns": [
        {"name": "carrier", "type": "text", "pattern": "[A-Z0-9]{2}"},
        {"name": "delay", "type": "integer", "nullable": True, "minimum": -60, "maximum": 1440},
        {"name": "at", "type": "timestamp"},
    ],
}
AT = "2013-01-01T10:00:00Z"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def handle(function: dict[str, ModuleType], s3: "S3Client") -> Any:
    def run(landed: bytes, key: str = "landing/delays.csv") -> dict[str, Any]:
        s3.put_object(Bucket=BUCKET, Key=key, Body=landed)
        function["handler"]._s3.cache_clear()
        event = {
            "bucket": BUCKET,
            "source_key": key,
            "normalised_key": "normalised/delays.csv.gz",
            "quarantine_key": "quarantine/delays.jsonl.gz",
            "contract": CONTRACT,
        }
        counts: dict[str, Any] = function["handler"].handle(event, None)
        return counts

    return run


def normalised(s3: "S3Client") -> list[list[str]]:
    return list(csv.reader(io.StringIO(_unzipped(s3, "normalised/delays.csv.gz"))))


def quarantined(s3: "S3Client") -> list[dict[str, Any]]:
    return [json.loads(line) for line in _unzipped(s3, "quarantine/delays.jsonl.gz").splitlines()]


def _unzipped(s3: "S3Client", key: str) -> str:
    return gzip.decompress(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()).decode()


def test_good_rows_are_written_in_the_contracts_order(handle: Any, s3: "S3Client") -> None:
    counts = handle(f"at,extra,delay,carrier\n{AT},x,07,UA\n{AT},y,NA,B6\n".encode())
    assert counts == {
        "table": "delays",
        "read": 2,
        "accepted": 2,
        "rejected": 0,
        "reasons": {},
        "ignored_columns": ["extra"],
        "normalised_key": "normalised/delays.csv.gz",
        "quarantine_key": "quarantine/delays.jsonl.gz",
    }
    assert normalised(s3) == [
        ["carrier", "delay", "at"],
        ["UA", "7", "2013-01-01 10:00:00"],
        ["B6", "", "2013-01-01 10:00:00"],
    ]
    assert quarantined(s3) == []


def test_bad_rows_go_to_quarantine_with_line_and_reasons(handle: Any, s3: "S3Client") -> None:
    counts = handle(
        f"carrier,delay,at\nUA,1,{AT}\nua,9999,{AT}\nB6,2\n\nB6,3,yesterday\nDL,4,{AT}\n".encode()
    )
    assert (counts["read"], counts["accepted"], counts["rejected"]) == (5, 2, 3)
    assert counts["reasons"] == {"at": 1, "carrier": 1, "delay": 1, "record": 1}
    assert [row[0] for row in normalised(s3)] == ["carrier", "UA", "DL"]
    assert quarantined(s3) == [
        {
            "line": 3,
            "reasons": ["carrier: 'ua' does not match [A-Z0-9]{2}", "delay: 9999 is more than 1440"],
            "row": ["ua", "9999", AT],
        },
        {"line": 4, "reasons": ["record: has 2 fields, the header has 3"], "row": ["B6", "2"]},
        {
            "line": 6,
            "reasons": ["at: 'yesterday' is not an ISO 8601 timestamp"],
            "row": ["B6", "3", "yesterday"],
        },
    ]


def test_bytes_that_are_not_text_are_quarantined(handle: Any, s3: "S3Client") -> None:
    counts = handle(b"carrier,delay,at\n\xff\xfe,1," + AT.encode() + b"\nUA,1," + AT.encode() + b"\n")
    assert (counts["accepted"], counts["rejected"]) == (1, 1)
    assert quarantined(s3)[0]["reasons"] == ["carrier: is not UTF-8"]


def test_a_broken_quote_does_not_stop_the_file(handle: Any, s3: "S3Client") -> None:
    counts = handle(f'carrier,delay,at\n"U"A,1,{AT}\nB6,1,{AT}\n'.encode())
    assert (counts["accepted"], counts["rejected"]) == (1, 1)
    assert quarantined(s3)[0]["reasons"][0].startswith("record: is not CSV")
    assert normalised(s3)[1][0] == "B6"


def test_a_gzipped_file_with_a_byte_order_mark_is_read(handle: Any, s3: "S3Client") -> None:
    landed = gzip.compress(f"carrier,delay,at\nUA,1,{AT}\n".encode("utf-8-sig"))
    assert handle(landed, key="landing/delays.csv.gz")["accepted"] == 1
    assert normalised(s3)[1] == ["UA", "1", "2013-01-01 10:00:00"]


def test_a_second_run_writes_the_same_bytes(handle: Any, s3: "S3Client") -> None:
    landed = f"carrier,delay,at\nUA,1,{AT}\nx,1,{AT}\n".encode()
    etags = []
    for _ in range(2):
        handle(landed)
        etags.append(
            [
                s3.head_object(Bucket=BUCKET, Key=key)["ETag"]
                for key in ("normalised/delays.csv.gz", "quarantine/delays.jsonl.gz")
            ]
        )
    assert etags[0] == etags[1]


@pytest.mark.parametrize("header", ["carrier,at", "carrier,delay,at,delay", ""])
def test_a_header_without_the_contracts_columns_is_an_error(
    handle: Any, function: dict[str, ModuleType], header: str
) -> None:
    with pytest.raises(function["csv_rows"].HeaderError, match=r"must name .*delay"):
        handle(f"{header}\nUA,1,{AT}\n".encode())


def test_an_event_that_lacks_a_member_is_an_error(function: dict[str, ModuleType]) -> None:
    with pytest.raises(function["landed_table"].RequestError, match="the event lacks 'source_key'"):
        function["handler"].handle({"bucket": BUCKET}, None)


def test_a_contract_with_an_unknown_member_is_an_error(function: dict[str, ModuleType]) -> None:
    contract = {"table": "t", "columns": [{"name": "c", "type": "text", "lenght": 3}]}
    event = {
        "bucket": "b",
        "source_key": "s",
        "normalised_key": "n",
        "quarantine_key": "q",
        "contract": contract,
    }
    with pytest.raises(function["landed_table"].RequestError, match="lenght"):
        function["handler"].handle(event, None)
