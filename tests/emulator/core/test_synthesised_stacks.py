"""The CDK app's own templates, deployed and torn down; the environment's, with its Airflow, only checked."""

import dataclasses
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from infra.app import add_stacks, new_app
from mwaactl.catalog.alarms import alarms
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.load import load_config
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.stack_driver import StackDriver

PROJECT_ROOT = Path(__file__).parents[3]
LOCAL = load_config(PROJECT_ROOT / "mwaactl.toml").environments["local"]


def synthesise(config: EnvironmentConfig, outdir: Path) -> Path:
    app = new_app(outdir)
    add_stacks(app, config)
    app.synth()
    return outdir


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """The emulator as the CDK finds it, with the templates of one environment."""

    emulator: EmulatorProcess
    templates: Path

    @property
    def driver(self) -> StackDriver:
        return StackDriver(self.emulator.aws("cloudformation"), "")

    def body(self, stack: str) -> str:
        return (self.templates / f"{stack}.template.json").read_text()

    def deploy(self, stack: str, body: str | None = None) -> dict[str, Any]:
        client = self.emulator.aws("cloudformation")
        made = client.create_change_set(
            StackName=stack,
            ChangeSetName="deploy",
            ChangeSetType="CREATE",
            TemplateBody=body or self.body(stack),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        client.execute_change_set(ChangeSetName=made["Id"])
        return self.driver.settled(stack)

    def update(self, stack: str, body: str, **request: Any) -> str:
        client = self.emulator.aws("cloudformation")
        client.update_stack(
            StackName=stack, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"], **request
        )
        return str(self.driver.settled(stack)["StackStatus"])

    def publish_functions(self) -> None:
        """Put a zip where the template of the functions looks for one."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("handler.py", "def handle(event, context): return event")
        for resource in json.loads(self.body(LOCAL.names.functions_stack))["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                code = resource["Properties"]["Code"]
                body = buffer.getvalue()
                self.emulator.aws("s3").put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=body)

    def delete(self, stack: str) -> dict[str, Any]:
        client = self.emulator.aws("cloudformation")
        stack_id = self.driver.describe(stack)["StackId"]
        client.delete_stack(StackName=stack)
        return self.driver.settled(stack_id)


@pytest.fixture(scope="module")
def account(emulator: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Account:
    return Account(emulator, synthesise(LOCAL, tmp_path_factory.mktemp("local")))


def test_our_stacks_are_deployed_in_order_and_torn_down_again(
    account: Account, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = LOCAL.names
    order = (names.storage_stack, names.network_stack, names.warehouse_stack, names.functions_stack)
    account.publish_functions()

    deployed = {stack: account.deploy(stack)["StackStatus"] for stack in order}

    assert deployed == dict.fromkeys(order, "CREATE_COMPLETE")
    source = account.emulator.aws("s3").get_bucket_versioning(Bucket=names.source_bucket)
    assert source["Status"] == "Enabled"
    workgroup = account.emulator.aws("redshift-serverless").get_workgroup(workgroupName=names.workgroup)
    assert workgroup["workgroup"]["status"] == "AVAILABLE"
    _environment_is_accepted(account)
    _environment_is_watched(account)
    for stack in reversed(order[1:]):
        assert account.delete(stack)["StackStatus"] == "DELETE_COMPLETE"
    _network_without_nat(account, tmp_path_factory.mktemp("without_nat"))
    assert account.delete(names.storage_stack)["StackStatus"] == "DELETE_COMPLETE"


def _environment_is_accepted(account: Account) -> None:
    client, name = account.emulator.aws("cloudformation"), LOCAL.names.environment_stack
    made = client.create_change_set(
        StackName=name, ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=account.body(name)
    )
    described = client.describe_change_set(ChangeSetName=made["Id"])
    types = {change["ResourceChange"]["ResourceType"] for change in described["Changes"]}
    assert described["Status"] == "CREATE_COMPLETE"
    assert "AWS::MWAA::Environment" in types
    client.delete_stack(StackName=name)
    account.driver.settled(made["StackId"])


def _environment_is_watched(account: Account) -> None:
    """The stack that watches, without what it watches: its filters only need log groups."""
    aws, stack = account.emulator.aws, LOCAL.names.observability_stack
    groups = [LOCAL.names.log_group(kind) for kind in ("Scheduler", "WebServer", "Worker")]
    for group in groups:
        aws("logs").create_log_group(logGroupName=group)
    assert account.deploy(stack)["StackStatus"] == "CREATE_COMPLETE"
    found = aws("cloudwatch").describe_alarms(AlarmNamePrefix=LOCAL.names.environment_name)["MetricAlarms"]
    assert [each["AlarmName"] for each in found if len(each["AlarmActions"]) != 1] == []
    assert len(found) == len(alarms())
    changed = account.body(stack).replace('"Threshold": 1800', '"Threshold": 900')
    assert account.update(stack, changed) == "UPDATE_COMPLETE"
    broken = account.body(stack).replace('"FilterPattern": "', '"FilterPattern": "{ ')
    assert account.update(stack, broken) == "UPDATE_ROLLBACK_COMPLETE"
    (age,) = aws("cloudwatch").describe_alarms(AlarmNames=["flights-local-oldest-task-age"])["MetricAlarms"]
    assert age["Threshold"] == 900.0
    assert account.delete(stack)["StackStatus"] == "DELETE_COMPLETE"
    for group in groups:
        assert aws("logs").describe_metric_filters(logGroupName=group)["metricFilters"] == []
        aws("logs").delete_log_group(logGroupName=group)
    left = [
        *aws("cloudwatch").describe_alarms()["MetricAlarms"],
        *aws("cloudwatch").list_dashboards()["DashboardEntries"],
        *(each for each in aws("sns").list_topics()["Topics"] if "flights-local" in each["TopicArn"]),
    ]
    rules = aws("events").list_rules(NamePrefix="flights-local")["Rules"]
    assert left == []
    assert [each["Name"] for each in rules] == [LOCAL.names.landed_queue]  # the storage's


def _network_without_nat(account: Account, outdir: Path) -> None:
    closed = dataclasses.replace(LOCAL, network=dataclasses.replace(LOCAL.network, nat="none"))
    there = Account(account.emulator, synthesise(closed, outdir))
    stack = LOCAL.names.network_stack
    assert there.deploy(stack)["StackStatus"] == "CREATE_COMPLETE"
    _policies_follow_the_template(there, stack)
    assert there.delete(stack)["StackStatus"] == "DELETE_COMPLETE"
    assert _endpoint_policies(there) == []


def _policies_follow_the_template(account: Account, stack: str) -> None:
    queue = f"arn:aws:sqs:us-east-1:{LOCAL.account}:airflow-celery-0a1b"
    pinned = [{"ParameterKey": "CeleryQueueArn", "ParameterValue": queue}]
    body = account.body(stack).replace('"aws:PrincipalAccount"', '"aws:SourceAccount"')
    broken = json.loads(account.body(stack))
    broken["Resources"]["Elsewhere"] = {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": "vpc-00000000", "CidrBlock": "10.99.0.0/24"},
    }

    assert sum("aws:PrincipalAccount" in each for each in _endpoint_policies(account)) == 15
    assert sum("arn:aws:sqs:us-east-1:*:" in each for each in _endpoint_policies(account)) == 1
    assert account.update(stack, body, Parameters=pinned) == "UPDATE_COMPLETE"
    changed = _endpoint_policies(account)
    assert sum("aws:SourceAccount" in each for each in changed) == 15
    assert sum(queue in each for each in changed) == 1
    assert account.update(stack, json.dumps(broken)) == "UPDATE_ROLLBACK_COMPLETE"
    assert _endpoint_policies(account) == changed


def _endpoint_policies(account: Account) -> list[str]:
    found = account.emulator.aws("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    return sorted(each["PolicyDocument"] for each in found if each["State"] == "available")
