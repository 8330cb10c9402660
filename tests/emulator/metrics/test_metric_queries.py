"""Values of metrics over boto3, as dashboards ask for them."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

E = [{"Name": "Environment", "Value": "e"}]
OF_A_POOL = [*E, {"Name": "Pool", "Value": "p"}]
MINUTE = datetime.fromtimestamp(time.time() // 60 * 60 - 300, UTC)


@pytest.fixture(autouse=True)
def values(cloudwatch: Any) -> None:
    for minutes, numbers in enumerate(([1.0, 3.0], [], [10.0])):
        for number in numbers:
            moment = MINUTE + timedelta(minutes=minutes, seconds=7)
            for name, dimensions, factor in (("M", E, 1), ("M", OF_A_POOL, 100), ("K", E, 2)):
                datum = {"MetricName": name, "Dimensions": dimensions, "Timestamp": moment, "Unit": "Count"}
                cloudwatch.put_metric_data(Namespace="N", MetricData=[{**datum, "Value": number * factor}])


def stat(name: str, statistic: str = "Average") -> dict[str, Any]:
    return {
        "Metric": {"Namespace": "N", "MetricName": name, "Dimensions": E},
        "Period": 60,
        "Stat": statistic,
    }


def ask(cloudwatch: Any, *queries: dict[str, Any]) -> dict[str, list[tuple[int, float]]]:
    """Minutes and values by id."""
    end = MINUTE + timedelta(minutes=3)
    found = cloudwatch.get_metric_data(
        MetricDataQueries=list(queries), StartTime=MINUTE, EndTime=end, ScanBy="TimestampAscending"
    )["MetricDataResults"]
    return {
        each["Id"]: [
            ((moment - MINUTE).seconds // 60, value)
            for moment, value in zip(each["Timestamps"], each["Values"], strict=True)
        ]
        for each in found
    }


def test_statistics_are_those_of_the_very_metric(cloudwatch: Any) -> None:
    found = cloudwatch.get_metric_statistics(
        Namespace="N",
        MetricName="M",
        Dimensions=E,
        StartTime=MINUTE,
        EndTime=MINUTE + timedelta(minutes=3),
        Period=60,
        Statistics=["Sum", "Maximum"],
        ExtendedStatistics=["p50"],
    )["Datapoints"]

    assert sorted((point["Timestamp"], point["Sum"], point["Maximum"]) for point in found) == [
        (MINUTE, 4.0, 3.0),
        (MINUTE + timedelta(minutes=2), 10.0, 10.0),
    ]
    assert {point["Unit"] for point in found} == {"Count"}
    assert sorted(point["ExtendedStatistics"]["p50"] for point in found) == [2.0, 10.0]


def test_metric_data_and_expressions(cloudwatch: Any) -> None:
    found = ask(
        cloudwatch,
        {"Id": "both", "Expression": "m + k"},
        {"Id": "m", "MetricStat": stat("M")},
        {"Id": "k", "MetricStat": stat("K", "Sum"), "ReturnData": False},
        {"Id": "filled", "Expression": "FILL(m, 0)"},
    )

    assert found == {
        "both": [(0, 10.0), (2, 30.0)],
        "m": [(0, 2.0), (2, 10.0)],
        "filled": [(0, 2.0), (1, 0.0), (2, 10.0)],
    }


@pytest.mark.parametrize(
    "expression", ["SELECT AVG(M) FROM N", "ANOMALY_DETECTION_BAND(m, 2)", "m + absent", "m + True"]
)
def test_expression_that_is_not_modelled_is_refused(cloudwatch: Any, expression: str) -> None:
    with pytest.raises(ClientError, match="The emulator does not model"):
        ask(cloudwatch, {"Id": "m", "MetricStat": stat("M")}, {"Id": "x", "Expression": expression})


def test_statistic_that_is_not_modelled_is_refused(cloudwatch: Any) -> None:
    with pytest.raises(ClientError, match="The emulator does not model TM"):
        ask(cloudwatch, {"Id": "m", "MetricStat": stat("M", "TM(10%:90%)")})


def test_each_metric_is_listed_once(cloudwatch: Any) -> None:
    def listed(**asked: Any) -> list[tuple[str, int]]:
        found = cloudwatch.list_metrics(Namespace="N", **asked)["Metrics"]
        return sorted((each["MetricName"], len(each["Dimensions"])) for each in found)

    assert listed() == [("K", 1), ("M", 1), ("M", 2)]
    assert listed(MetricName="M", Dimensions=[{"Name": "Pool"}]) == [("M", 2)]
