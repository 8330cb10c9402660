"""What CloudFormation converts: text, as every parameter is, into what the service wants."""

from typing import Any

import botocore.session
import pytest

from mwaactl.emulator.cloudformation.scalar_types import convert_parameters


def converted(service: str, operation: str, **params: Any) -> dict[str, Any]:
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    return convert_parameters(params, model)


def test_numbers_booleans_and_texts_take_the_type_of_the_model_at_any_depth() -> None:
    logs = {"TaskLogs": {"Enabled": "true", "LogLevel": "INFO"}}

    assert converted(
        "mwaa",
        "CreateEnvironment",
        MaxWorkers="2",
        LoggingConfiguration=logs,
        AirflowConfigurationOptions={"scheduler.catchup_by_default": False, "core.parallelism": 8},
        NetworkConfiguration={"SubnetIds": ["a", 7]},
    ) == {
        "MaxWorkers": 2,
        "LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "INFO"}},
        "AirflowConfigurationOptions": {"scheduler.catchup_by_default": "false", "core.parallelism": "8"},
        "NetworkConfiguration": {"SubnetIds": ["a", "7"]},
    }


@pytest.mark.parametrize(
    ("given", "number"), [("90", 90.0), ("-1.5", -1.5), ("1e3", 1000.0), (2, 2), ("NaN", "NaN")]
)
def test_text_becomes_a_number_with_a_fraction_where_one_is_wanted(given: Any, number: Any) -> None:
    assert converted("cloudwatch", "PutMetricAlarm", Threshold=given) == {"Threshold": number}


def test_whole_number_written_with_a_fraction_is_an_integer_where_one_is_wanted() -> None:
    assert converted("cloudwatch", "PutMetricAlarm", Period=60.0) == {"Period": 60}


@pytest.mark.parametrize("text", ["two", "2.5", "", " 2"])
def test_text_that_is_no_number_is_left_for_the_service_to_refuse(text: str) -> None:
    assert converted("mwaa", "CreateEnvironment", MaxWorkers=text) == {"MaxWorkers": text}


def test_member_that_the_operation_lacks_is_left_as_it_is() -> None:
    assert converted("mwaa", "CreateEnvironment", Other="2") == {"Other": "2"}


def test_operation_without_members_takes_anything() -> None:
    assert converted("s3", "ListBuckets", Other={"a": "1"}) == {"Other": {"a": "1"}}
