"""Big values on S3, as each version of Airflow writes, reads and deletes them."""

import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.configuration import conf
from airflow.models.xcom import XComModel
from airflow.sdk import DAG, task
from airflow.sdk.bases.xcom import BaseXCom
from airflow.utils.session import create_session
from sqlalchemy import select

from typed_assets.testing import run_dag
from typed_assets.xcom import MARK, Reference, S3XCom, XComChangedError, schema_hash

BIG = [{"carrier": "UA", "delay": number} for number in range(5000)]
WHERE: dict[str, Any] = {"dag_id": "a/b", "run_id": "manual__2013-01-01T00:00:00+00:00", "task_id": "g.t"}


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
    alike = {MARK: {"bucket": "b", "key": "k", "etag": "e", "schema_hash": "s", "bytes": 1}}
    written = S3XCom.serialize_value(alike, key="alike", **WHERE)
    assert written != alike
    assert S3XCom.deserialize_value(SimpleNamespace(value=written)) == alike


def test_values_that_json_lacks_come_back_as_they_were() -> None:
    from datetime import UTC, datetime

    value = {"at": datetime(2013, 1, 1, tzinfo=UTC), "text": "x" * 20_000}
    written = S3XCom.serialize_value(value, key="typed", **WHERE)
    assert MARK in written
    assert S3XCom.deserialize_value(SimpleNamespace(value=written)) == value


def test_a_schema_is_names_and_types() -> None:
    assert schema_hash([{"a": 1}, {"a": 2}]) == schema_hash([{"a": 3}])
    assert len({schema_hash(value) for value in ([{"a": 1}], [{"a": "1"}], [{"b": 1}], {"a": 1}, 1)}) == 5
