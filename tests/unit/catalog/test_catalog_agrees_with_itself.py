import re
import sys
import tomllib
from datetime import date
from importlib.resources import files
from typing import get_args

import botocore.session
import pytest
from botocore.model import StringShape, StructureShape

from mwaactl.catalog.access import access_modes
from mwaactl.catalog.alarms import alarms
from mwaactl.catalog.classes import default_environment_class, environment_classes
from mwaactl.catalog.credentials import (
    address_kinds,
    connection_kinds,
    credential_kinds,
    credentials_in,
)
from mwaactl.catalog.endpoints import mwaa_endpoint_services, pipeline_endpoint_services
from mwaactl.catalog.import_names import import_names
from mwaactl.catalog.limits import limits, pattern
from mwaactl.catalog.logs import log_kinds, log_levels
from mwaactl.catalog.operators import restricted_operators
from mwaactl.catalog.options import is_sensitive, option_rule, restricted_options
from mwaactl.catalog.prices import RegionPrices, region_prices, stand_ins, unit_of
from mwaactl.catalog.regions import may_be_region, regions
from mwaactl.catalog.startup import is_protected
from mwaactl.catalog.tables import read_table, source_of
from mwaactl.catalog.versions import (
    AirflowVersion,
    airflow_version,
    airflow_versions,
    default_airflow_version,
    unsupported_on_mwaa,
    version_key,
)
from mwaactl.config.environment import AccessMode, LogLevel
from mwaactl.config.names import LogKind

_TABLES = [
    "versions",
    "classes",
    "limits",
    "access",
    "logs",
    "metrics",
    "options",
    "role_use",
    "startup",
    "changes",
    "credentials",
    "import_names",
    "operators",
    "iam_requests",
    "alarms",
    "endpoints",
    "prices",
    "warehouse",
    "endpoint_policies",
    "regions",
    "airflow_features",
    "serverless",
]


@pytest.fixture(scope="module")
def model() -> botocore.model.ServiceModel:
    return botocore.session.get_session().get_service_model("mwaa")


def _structure(model: botocore.model.ServiceModel, name: str) -> StructureShape:
    shape = model.shape_for(name)
    assert isinstance(shape, StructureShape)
    return shape


def _choices(model: botocore.model.ServiceModel, name: str) -> list[str]:
    shape = model.shape_for(name)
    assert isinstance(shape, StringShape)
    return shape.enum


_PER_VERSION = [f"{kind}/{version}" for kind in ("pins", "constraints") for version in airflow_versions()]


@pytest.mark.parametrize("name", [*_TABLES, *_PER_VERSION])
def test_every_table_says_where_its_facts_come_from_and_when(name: str) -> None:
    source = source_of(name)
    assert source.where
    assert date(2024, 1, 1) < source.stated <= source.read


def test_every_data_file_is_read_by_something() -> None:
    data = files("mwaactl.catalog").joinpath("data")
    named = {entry.name.removesuffix(".toml") for entry in data.iterdir() if entry.is_file()}
    assert named == {*_TABLES, "operators.jsonl"}
    for kind in ("pins", "constraints"):
        versions = {entry.name.removesuffix(".toml") for entry in data.joinpath(kind).iterdir()}
        assert versions == set(airflow_versions())


def test_regions_are_those_of_botocore() -> None:
    session = botocore.session.get_session()
    known = {*session.get_available_regions("ec2"), *session.get_available_regions("mwaa")}
    assert known <= set(regions())
    assert list(regions()) == sorted(set(regions()))
    assert all(may_be_region(each) for each in regions())


def test_operators_are_full_names_of_classes_with_a_reason_and_a_remedy() -> None:
    names = [each.name for each in restricted_operators()]
    assert sorted(set(names)) == sorted(names)
    for each in restricted_operators():
        assert re.fullmatch(r"airflow(\.[a-z_]+)+\.[A-Z]\w+", each.name)
        assert each.severity in {"error", "warning"}
        assert each.reason
        assert each.remedy
        assert each.when in {None, "in_cluster"}


def test_the_newest_version_is_the_default() -> None:
    newest = max(airflow_versions(), key=version_key)
    assert default_airflow_version() == newest == "3.3.1"
    assert list(airflow_versions()) == ["3.3.1", "3.2.1", "3.0.6", "2.11.2", "2.10.3"]


def test_versions_that_are_supported_and_not_are_told_apart() -> None:
    assert not set(unsupported_on_mwaa()) & set(airflow_versions())


@pytest.mark.parametrize("version", airflow_versions())
def test_a_version_pins_its_airflow_and_its_providers(version: str) -> None:
    facts = airflow_version(version)
    everywhere = {
        "amazon",
        "celery",
        "common-compat",
        "common-io",
        "common-sql",
        "fab",
        "http",
        "postgres",
        "smtp",
    }
    own = {"standard"} if facts.major == 3 else {"ftp", "imap", "sqlite"}
    assert set(facts.providers) == {f"apache-airflow-providers-{name}" for name in everywhere | own}
    assert facts.airflow["apache-airflow"] == facts.essential["apache-airflow"] == version
    assert {"celery", "sqlalchemy", "flask", "watchtower"} <= set(facts.essential)
    assert {"boto3", "botocore"} <= set(facts.libraries)


@pytest.mark.parametrize("version", airflow_versions())
def test_pins_are_exact_versions_of_normalised_names(version: str) -> None:
    facts = airflow_version(version)
    for pins in (facts.airflow, facts.providers, facts.essential, facts.libraries):
        for name, pin in pins.items():
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
            assert re.fullmatch(r"\d+(\.\d+)*", pin)


def test_requirements_begin_with_airflow() -> None:
    assert airflow_version("3.3.1").requirements[0] == "apache-airflow==3.3.1"
    assert "apache-airflow-providers-amazon==9.34.0" in airflow_version("3.3.1").requirements


def test_the_authors_dependency_group_is_the_default_version_of_the_catalogue() -> None:
    pyproject = tomllib.loads(files("mwaactl").joinpath("../../pyproject.toml").read_text(encoding="utf-8"))
    facts = airflow_version(default_airflow_version())
    expected = {
        f"apache-airflow=={facts.version}",
        *(f"{name}=={pin}" for name, pin in facts.providers.items()),
    }
    assert set(pyproject["dependency-groups"]["airflow"]) == expected


def test_a_version_that_is_not_supported_is_a_key_error() -> None:
    with pytest.raises(KeyError, match=re.escape("2.11.0")):
        airflow_version("2.11.0")


def test_versions_compare_as_numbers() -> None:
    assert version_key("2.11.2") > version_key("2.9.2")


def test_classes_grow_from_one_to_the_next() -> None:
    sizes = [(each.dags, each.tasks_per_worker) for each in environment_classes().values()]
    assert sizes == sorted(sizes)
    assert default_environment_class() == "mw1.small"
    assert len(sizes) == 6


def test_classes_are_those_of_the_service_model(model: botocore.model.ServiceModel) -> None:
    text = _structure(model, "CreateEnvironmentInput").members["EnvironmentClass"].documentation
    assert set(re.findall(r"mw1\.[a-z0-9]+", text)) == set(environment_classes())


def test_micro_does_not_scale() -> None:
    micro = environment_classes()["mw1.micro"]
    assert [2 in bounds for bounds in (micro.workers, micro.schedulers, micro.webservers)] == [False] * 3
    assert 1 in micro.schedulers


def test_lengths_are_those_of_the_service_model(model: botocore.model.ServiceModel) -> None:
    lengths = {
        "EnvironmentName": limits().environment_name_length,
        "ConfigKey": limits().option_key_length,
        "ConfigValue": limits().option_value_length,
        "TagKey": limits().tag_key_length,
        "TagValue": limits().tag_value_length,
        "TagMap": limits().tag_count,
        "RestApiPath": limits().rest_api_path_length,
    }
    assert lengths == {shape: model.shape_for(shape).metadata["max"] for shape in lengths}


def test_patterns_of_names_and_options_are_those_of_the_service_model(
    model: botocore.model.ServiceModel,
) -> None:
    assert pattern("option_key").pattern == model.shape_for("ConfigKey").metadata["pattern"]
    assert pattern("option_value").pattern == model.shape_for("ConfigValue").metadata["pattern"]
    assert pattern("environment_name").fullmatch("a-b_C9")
    assert not pattern("environment_name").fullmatch("9a")


def test_access_modes_levels_and_kinds_are_one_truth(model: botocore.model.ServiceModel) -> None:
    assert set(access_modes()) == set(_choices(model, "WebserverAccessMode"))
    assert set(access_modes()) == set(get_args(AccessMode.__value__))
    assert log_levels() == tuple(_choices(model, "LoggingLevel")) == get_args(LogLevel.__value__)
    assert log_kinds() == get_args(LogKind.__value__)


@pytest.mark.parametrize(("version", "exists"), [("3.3.1", True), ("3.2.1", True), ("3.0.6", False)])
def test_public_and_private_came_with_airflow_3_2_1(version: str, *, exists: bool) -> None:
    assert access_modes()["PUBLIC_AND_PRIVATE"].exists_in(version) is exists


@pytest.mark.parametrize(("version", "needs"), [("3.0.6", True), ("2.11.2", False)])
def test_workers_of_airflow_3_reach_a_public_web_server_by_internet(version: str, *, needs: bool) -> None:
    assert access_modes()["PUBLIC_ONLY"].workers_need_internet(version) is needs
    assert not access_modes()["PRIVATE_ONLY"].workers_need_internet(version)


def test_a_vpc_without_a_way_out_has_an_endpoint_for_each_service_once() -> None:
    services = [*mwaa_endpoint_services(), *pipeline_endpoint_services()]
    assert len(services) == len(set(services))
    assert {"airflow.api", "airflow.env", "airflow.ops", "kms", "logs", "monitoring", "sqs"} <= set(services)
    assert {"lambda", "redshift-data", "secretsmanager", "sts"} <= set(services)
    assert "s3" not in services


@pytest.mark.parametrize("region", region_prices().values(), ids=lambda each: each.name)
def test_prices_have_a_unit_a_date_and_belong_to_a_class_that_exists(region: RegionPrices) -> None:
    assert date(2026, 1, 1) < region.stated <= source_of("prices").read
    assert region.where
    for item, dollars in region.prices.items():
        kind, _, name = item.partition(".")
        assert unit_of(item)
        assert not name or name in environment_classes()
        assert (kind in {"environment", "worker", "scheduler", "webserver"}) is bool(name)
        assert 0 < dollars < 10


def test_stand_ins_are_regions_of_the_table_and_know_every_item() -> None:
    known = {item for name in stand_ins() for item in region_prices()[name].prices}
    kinds = {item.partition(".")[0] for item in known}
    assert kinds == set(read_table("prices")["units"])
    assert {f"environment.{name}" for name in environment_classes()} <= known


def test_no_option_stands_in_the_table_twice() -> None:
    options = [row.option for row in restricted_options()]
    assert len(options) == len(set(options))
    assert all(pattern("option_key").fullmatch(option) for option in options)


@pytest.mark.parametrize(
    ("option", "version", "rule"),
    [
        ("core.multi_team", "3.3.1", "blocked"),
        ("core.multi_team", "3.0.6", None),
        ("core.fernet_key", "2.10.3", "forced"),
        ("webserver.secret_key", "2.11.2", "forced"),
        ("webserver.secret_key", "3.0.6", None),
        ("api.secret_key", "3.0.6", "forced"),
        ("core.dags_folder", "2.10.3", "fixed"),
        ("celery.flower_basic_auth", "3.3.1", "secret"),
        ("secrets.backend_kwargs", "3.3.1", "json"),
        ("metrics.otel_on", "2.10.3", "forced"),
        ("metrics.legacy_names_on", "3.3.1", "forced"),
        ("metrics.statsd_on", "3.3.1", None),
        ("metrics.metrics_allow_list", "3.3.1", None),
        ("metrics.statsd_allow_list", "3.3.1", None),
    ],
)
def test_what_is_special_about_an_option_depends_on_the_version(
    option: str, version: str, rule: str | None
) -> None:
    assert option_rule(option, version) == rule


@pytest.mark.parametrize(
    ("variable", "protected"),
    [
        ("AIRFLOW_HOME", True),
        ("ECS_AGENT_URI", True),
        ("MWAA__CORE__X", True),
        ("PATH", False),
        ("MY_VAR", False),
    ],
)
def test_protected_variables_match_by_name_or_beginning(variable: str, *, protected: bool) -> None:
    assert is_protected(variable) is protected


def test_a_table_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        read_table("prices-of-1999")


@pytest.mark.parametrize("version", airflow_versions().values())
def test_import_names_are_those_of_the_image(version: AirflowVersion) -> None:
    names = import_names(version.version, version.python)
    assert {
        "airflow",
        "boto3",
        "celery",
        "flask",
        "sqlalchemy",
        "watchtower",
        "mwaa",
        "yaml",
    } <= names.installed
    assert {"google", "opentelemetry"} <= names.shared
    assert not names.shared & names.installed
    assert {"json", "logging", "email"} <= names.standard_library
    assert ("distutils" in names.standard_library) is (version.python == "3.11")


def test_the_standard_library_is_that_of_this_python() -> None:
    assert import_names("3.3.1", "3.12").standard_library == sys.stdlib_module_names


def test_credentials_hold_their_hints_and_no_example_is_one() -> None:
    assert all(
        kind.hint and kind.pattern for kind in (*credential_kinds(), *connection_kinds(), *address_kinds())
    )
    example = b"AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert not list(credentials_in(example))


@pytest.mark.parametrize(
    ("option", "version", "sensitive"),
    [
        ("smtp.smtp_password", "2.11.2", True),
        ("smtp.smtp_password", "3.0.6", False),
        ("api.secret_key", "2.11.2", False),
        ("api.secret_key", "3.3.1", True),
        ("core.parallelism", "3.3.1", False),
    ],
)
def test_what_airflow_calls_sensitive_depends_on_the_version(
    option: str, version: str, *, sensitive: bool
) -> None:
    assert is_sensitive(option, version) is sensitive


def test_an_alarm_watches_what_mwaa_publishes_and_knows_every_class() -> None:
    published = {(row["name"], *sorted(row["dimensions"].items())) for row in read_table("metrics")["metric"]}

    assert len(alarms()) == len(read_table("alarms")["alarm"])
    for alarm in alarms().values():
        assert set(alarm.thresholds) == set(environment_classes())
        for metric in alarm.metrics:
            if metric.namespace == "AmazonMWAA":
                assert (metric.name, *sorted(metric.dimensions.items())) in published
            else:
                assert metric.namespace in {"AWS/MWAA", "TypedAssets", "mwaactl"}
