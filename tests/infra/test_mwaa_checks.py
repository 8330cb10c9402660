"""Our own rules in synthesis: a finding fails it, and an acknowledgement with a reason accepts it."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack, Validations
from aws_cdk.aws_mwaa import CfnEnvironment

from infra.acknowledgements import acknowledge
from infra.mwaa_checks import MwaaChecks


def app_with_environment(outdir: Path, checks: MwaaChecks, **properties: Any) -> tuple[App, CfnEnvironment]:
    app = App(outdir=str(outdir), analytics_reporting=False)
    Validations.of(app).add_plugins(checks)
    stack = Stack(app, "orders", env=Environment(account="123456789012", region="eu-west-1"))
    given = {"webserver_access_mode": "PRIVATE_ONLY", "airflow_version": "3.3.1", **properties}
    module = CfnEnvironment.ModuleLoggingConfigurationProperty(enabled=True, log_level="INFO")
    environment = CfnEnvironment(
        stack,
        "Airflow",
        name="orders",
        source_bucket_arn="arn:aws:s3:::orders-source",
        dag_s3_path="dags",
        execution_role_arn="arn:aws:iam::123456789012:role/orders",
        network_configuration=CfnEnvironment.NetworkConfigurationProperty(
            subnet_ids=["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
            security_group_ids=["sg-0123456789abcdef0"],
        ),
        logging_configuration=CfnEnvironment.LoggingConfigurationProperty(
            dag_processing_logs=module,
            scheduler_logs=module,
            task_logs=module,
            webserver_logs=module,
            worker_logs=module,
        ),
        **given,
    )
    return app, environment


def report(outdir: Path, key: str) -> list[dict[str, Any]]:
    reports = json.loads((outdir / "validation-report.json").read_text())["pluginReports"]
    return [found for each in reports if each["pluginName"] == "MWAA" for found in each.get(key) or ()]


def test_finding_fails_synthesis_and_names_construct_property_and_remedy(tmp_path: Path) -> None:
    app, _ = app_with_environment(tmp_path, MwaaChecks(), environment_class="mw1.huge")

    with pytest.raises(RuntimeError):
        app.synth()

    (found,) = report(tmp_path, "violations")
    assert found["ruleName"] == "MW005"
    assert found["description"] == "there is no class mw1.huge; did you mean `mw1.large`?"
    assert found["suggestedFix"].startswith("take a class of the list")
    (place,) = found["violatingConstructs"]
    assert place["constructPath"] == "orders/Airflow"
    assert place["cloudFormationResource"] == {
        "logicalId": "Airflow",
        "propertyPaths": ["Properties/EnvironmentClass"],
        "templatePath": "orders.template.json",
    }


def test_acknowledged_finding_is_reported_with_its_reason_only(tmp_path: Path) -> None:
    app, environment = app_with_environment(tmp_path, MwaaChecks(), webserver_access_mode="PUBLIC_ONLY")
    acknowledge(environment, {"MWAA::MW013": "Browsers come from anywhere"})

    app.synth()

    (accepted,) = report(tmp_path, "suppressedViolations")
    assert (accepted["ruleName"], accepted["reason"]) == ("MW013", "Browsers come from anywhere")


def test_upgrade_is_judged_by_the_version_that_runs(tmp_path: Path) -> None:
    app, _ = app_with_environment(tmp_path, MwaaChecks({"orders": "2.10.3"}))

    with pytest.raises(RuntimeError):
        app.synth()
    assert [each["ruleName"] for each in report(tmp_path, "violations")] == ["MW003"]
