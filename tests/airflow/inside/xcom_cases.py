"""Big values on S3, as each version of Airflow writes, reads and deletes them."""

import gzip
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from airflow.configuration import conf
from airflow.models.xcom import XComModel
from airflow.sdk import DAG, task
from airflow.sdk.bases.xcom import BaseXCom
from airflow.utils.session import create_session
from sqlalchemy import select

from typed_assets.testing import run_dag
from typed_assets.xcom import MARK, Reference, S3XCom, XComChangedError, XComStoreError, schema_hash

BIG = [{"carrier": "UA", "delay": number} for number in range(5000)]
WHERE: dict[str, Any] = {"dag_id": "a/b", "run_id": "manual__2013-01-01T00:00:00+00:00", "task_id": "g.t"}
COMPLETE = {"bucket": "b", "key": "k", "etag": "e", "schema_hash": "s", "bytes": 1}
"""The parts of a reference."""


@pytest.fixture
def backend() -> Iterator[None]:
    """Airflow's modules as if they had been imported with the option `core.xcom_backend`."""
    import airflow.sdk.execution_time.task_runner  # has taken the class from elsewhere

    users = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("airflow.sdk.execution_time.") and vars(module).get("XCom") is BaseXCom
    ]
    assert airflow.sdk.execution_time.task_runner in users
    for module in users:
        vars(module)["XCom"] = S3XCom
    yield
    for module in users:
        vars(module)["XCom"] = BaseXCom


def stored(dag_id: str) -> dict[str, Any]:
    with create_session() as session:
        rows = session.scalars(select(XComModel).where(XComModel.dag_id == dag_id))
        return {row.task_id: XComModel.deserialize_value(row) for row in rows}


@pytest.mark.usefixtures("backend")
def test_tasks_pass_big_values_by_reference(aws: Callable[[str], Any]) -> None:
    with DAG("kit_xcom", schedule=None) as dag:

        @task
        def big() -> Any:
            return BIG

        @task
        def small() -> Any:
            return {"rows": 1}

        @task
        def total(rows: Any, of: Any) -> Any:
            return sum(row["delay"] for row in rows) + int(of["rows"])

        total(big(), small())

    result = run_dag(dag)
    assert result.values == {"big": BIG, "small": {"rows": 1}, "total": 12_497_501}
    written = stored("kit_xcom")
    reference = Reference.from_json(written["big"])
    assert reference is not None
    assert Reference.from_json(written["small"]) is None
    assert (reference.bucket, reference.bytes > 16_384) == (conf.get("pipelines", "data_bucket"), True)
    head = aws("s3").head_object(Bucket=reference.bucket, Key=reference.key)
    assert (head["ETag"], head["ContentLength"] < reference.bytes / 5) == (reference.etag, True)


@pytest.mark.newest
@pytest.mark.usefixtures("backend")
def test_tasks_are_mapped_over_a_big_value() -> None:
    with DAG("kit_xcom_mapped", schedule=None) as dag:

        @task
        def texts() -> Any:
            return ["x" * 20_000, "y"]

        @task
        def length(text: str) -> int:
            return len(text)

        @task
        def total(lengths: Any) -> int:
            return sum(lengths)

        total(length.expand(text=texts()))

    assert run_dag(dag).values["total"] == 20_001


def test_a_second_try_writes_the_same_place() -> None:
    first, second = (S3XCom.serialize_value(BIG, key="return_value", map_index=3, **WHERE) for _ in range(2))
    assert first == second
    assert (
        first[MARK]["key"]
        == "_xcom/a%2Fb/manual__2013-01-01T00%3A00%3A00%2B00%3A00/g.t/3/return_value.json.gz"
    )
    assert S3XCom.deserialize_value(SimpleNamespace(value=first, key="return_value")) == BIG


def test_what_is_no_longer_there_or_another_is_not_read(aws: Callable[[str], Any]) -> None:
    old = S3XCom.serialize_value(BIG, key="changed", **WHERE)
    new = S3XCom.serialize_value(BIG[1:], key="changed", **WHERE)
    with pytest.raises(XComChangedError, match="is not the XCom that was written there"):
        S3XCom.deserialize_value(SimpleNamespace(value=old))
    S3XCom.purge(SimpleNamespace(value=new))
    S3XCom.purge(SimpleNamespace(value="a value of its own"))
    assert "Contents" not in aws("s3").list_objects_v2(Bucket=new[MARK]["bucket"], Prefix=new[MARK]["key"])
    with pytest.raises(XComChangedError):
        S3XCom.deserialize_value(SimpleNamespace(value=new))


def test_a_value_that_looks_like_a_reference_stays_a_value() -> None:
    alike = {MARK: COMPLETE}
    written = S3XCom.serialize_value(alike, key="alike", **WHERE)
    assert written != alike
    assert S3XCom.deserialize_value(SimpleNamespace(value=written)) == alike


@pytest.mark.parametrize(
    "parts", [{}, {"rows": 1}, "text", None, ["bucket"], {"bucket": 1, "key": 2}, {"more": 1, **COMPLETE}]
)
def test_a_value_with_our_mark_that_is_no_reference_stays_in_the_database(parts: Any) -> None:
    own = {MARK: parts}
    written = S3XCom.serialize_value(own, key="own", **WHERE)
    assert written == own
    assert S3XCom.deserialize_value(SimpleNamespace(value=written)) == own
    S3XCom.purge(SimpleNamespace(value=written))


def typed(name: str, version: int, data: Any) -> dict[str, Any]:
    """A value as all versions write it, so that each reads what another has written."""
    return {"__classname__": name, "__version__": version, "__data__": data}


PAIR = typed("builtins.tuple", 1, [1, typed("builtins.tuple", 1, [2, 3])])
VIENNA = typed("builtins.tuple", 1, ["Europe/Vienna", "zoneinfo.ZoneInfo", 1, True])


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (math.inf, math.inf),
        (2**80, 2**80),
        ((1, (2, 3)), PAIR),
        ({"a": [{"b": (1, (2, 3))}]}, {"a": [{"b": PAIR}]}),
        ({1, 2}, typed("builtins.set", 1, [1, 2])),
        (Decimal("1.5"), typed("decimal.Decimal", 1, 1.5)),
        (date(2013, 1, 1), typed("datetime.date", 2, "2013-01-01")),
        (timedelta(hours=1), typed("datetime.timedelta", 2, 3600.0)),
        (
            datetime(2013, 1, 1, 5, tzinfo=ZoneInfo("Europe/Vienna")),
            typed("datetime.datetime", 2, {"timestamp": 1357012800.0, "tz": VIENNA}),
        ),
    ],
)
def test_values_that_json_lacks_come_back_as_they_were(
    aws: Callable[[str], Any], value: Any, plain: Any
) -> None:
    both = [value, "x" * 20_000]

    written = S3XCom.serialize_value(both, key="typed", **WHERE)

    assert MARK in written
    assert S3XCom.deserialize_value(SimpleNamespace(value=written)) == both
    place = {"Bucket": written[MARK]["bucket"], "Key": written[MARK]["key"]}
    body = aws("s3").get_object(**place)["Body"].read()
    assert json.loads(gzip.decompress(body))[0] == plain


def test_what_airflow_cannot_write_is_not_written() -> None:
    with pytest.raises(TypeError, match=r"(?i)cannot serialize object of type <class 'bytes'>"):
        S3XCom.serialize_value([b"x", "x" * 20_000], key="bytes", **WHERE)


@pytest.fixture
def option() -> Iterator[Callable[[str, str], None]]:
    """Set an option of the section `pipelines` until the test ends."""
    before = dict(os.environ)

    def set_option(name: str, value: str) -> None:
        os.environ[f"AIRFLOW__PIPELINES__{name.upper()}"] = value

    yield set_option
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"xcom_bucket": "there-is-none"},
            r"bytes cannot be written to s3://there-is-none/_xcom/.*NoSuchBucket",
        ),
        ({"xcom_bucket": "", "data_bucket": ""}, r"needs the option `pipelines.xcom_bucket` or"),
        ({"xcom_threshold": "16kB"}, r"`pipelines.xcom_threshold` is a number of bytes, and `16kB` is none"),
    ],
)
def test_what_is_wrong_with_the_options_is_said(
    option: Callable[[str, str], None], options: dict[str, str], said: str
) -> None:
    for name, value in options.items():
        option(name, value)

    with pytest.raises(XComStoreError, match=said):
        S3XCom.serialize_value(BIG, key="wrong", **WHERE)


def test_a_prefix_is_taken_with_and_without_its_slash(option: Callable[[str, str], None]) -> None:
    option("xcom_prefix", "big/values")

    written = S3XCom.serialize_value(BIG, key="k", **WHERE)

    assert written[MARK]["key"].startswith("big/values/a%2Fb/manual__")


def test_without_a_prefix_keys_begin_with_the_dag(option: Callable[[str, str], None]) -> None:
    option("xcom_prefix", "/")

    written = S3XCom.serialize_value(BIG, key="k", **WHERE)

    assert written[MARK]["key"].startswith("a%2Fb/manual__")


def test_a_schema_is_names_and_types() -> None:
    assert schema_hash([{"a": 1}, {"a": 2}]) == schema_hash([{"a": 3}])
    assert len({schema_hash(value) for value in ([{"a": 1}], [{"a": "1"}], [{"b": 1}], {"a": 1}, 1)}) == 5


@pytest.mark.newest
def test_the_connection_of_the_options_is_the_one_that_s3_is_asked_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = {"endpoint_url": "http://127.0.0.1:9", "config_kwargs": {"retries": {"total_max_attempts": 1}}}
    elsewhere = {"conn_type": "aws", "extra": {"region_name": "eu-west-3", **nowhere}}
    monkeypatch.setenv("AIRFLOW__PIPELINES__AWS_CONN_ID", "elsewhere")
    monkeypatch.setenv("AIRFLOW_CONN_ELSEWHERE", json.dumps(elsewhere))

    with pytest.raises(XComStoreError, match=r"127\.0\.0\.1:9"):
        S3XCom.serialize_value(BIG, key="return_value", **WHERE)
