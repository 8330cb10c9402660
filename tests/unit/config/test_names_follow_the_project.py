import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.catalog.limits import pattern
from mwaactl.config.names import Names

NAMES = Names("flights", "prod", "444455556666", "eu-west-1")


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("environment_name", "flights-prod"),
        ("network_stack", "flights-prod-network"),
        ("storage_stack", "flights-prod-storage"),
        ("warehouse_stack", "flights-prod-warehouse"),
        ("functions_stack", "flights-prod-functions"),
        ("environment_stack", "flights-prod-environment"),
        ("observability_stack", "flights-prod-observability"),
        ("source_bucket", "flights-prod-source-444455556666-eu-west-1"),
        ("data_bucket", "flights-prod-data-444455556666-eu-west-1"),
        ("key_alias", "alias/flights-prod"),
        ("workgroup", "flights-prod"),
        ("namespace", "flights-prod"),
        ("database", "warehouse"),
        ("normalise_function", "flights-prod-normalise"),
    ],
)
def test_a_name_follows_from_project_and_environment(attribute: str, name: str) -> None:
    assert getattr(NAMES, attribute) == name


def test_a_log_group_has_the_name_that_mwaa_writes_to() -> None:
    assert NAMES.log_group("DAGProcessing") == "airflow-flights-prod-DAGProcessing"


@given(
    project=st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True),
    environment=st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True),
)
def test_names_of_allowed_parts_are_allowed_by_s3_and_mwaa(project: str, environment: str) -> None:
    names = Names(project, environment, "123456789012", "ap-southeast-1")
    for bucket in (names.source_bucket, names.data_bucket):
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", bucket)
    assert pattern("environment_name").fullmatch(names.environment_name)
