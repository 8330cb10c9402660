"""Templates that no CDK of ours made: parameters, numbers as text, one stack or more."""

from typing import Any

from mwaactl.template_rules.run import breaches
from mwaactl.template_rules.templates import Template

COMPUTED = {"Ref": "Given"}


def environment(**properties: Any) -> dict[str, Any]:
    given = {
        "Name": "orders",
        "AirflowVersion": "3.3.1",
        "EnvironmentClass": "mw1.small",
        "SourceBucketArn": "arn:aws:s3:::orders-source",
        "DagS3Path": "dags",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/orders",
        "WebserverAccessMode": "PRIVATE_ONLY",
        "NetworkConfiguration": {
            "SubnetIds": ["subnet-1", "subnet-2"],
            "SecurityGroupIds": ["sg-1"],
        },
        "LoggingConfiguration": {
            f"{kind}Logs": {"Enabled": "true", "LogLevel": "INFO"}
            for kind in ("DagProcessing", "Scheduler", "Task", "Webserver", "Worker")
        },
        **properties,
    }
    return {"Type": "AWS::MWAA::Environment", "Properties": {k: v for k, v in given.items() if v is not None}}


def found(resources: dict[str, Any], *others: Template, **current: str) -> list[tuple[str, str]]:
    template = Template("orders", {"Resources": resources}, "eu-west-1")
    return [(each.rule.id, each.message) for each in breaches([template, *others], current)]


def ids(resources: dict[str, Any], *others: Template, **current: str) -> list[str]:
    return [rule for rule, _ in found(resources, *others, **current)]


def test_environment_whose_neighbours_are_elsewhere_has_no_finding() -> None:
    assert found({"Airflow": environment()}) == []


def test_nothing_is_said_about_what_cloudformation_computes() -> None:
    properties = environment()["Properties"]
    computed = {
        "Airflow": {"Type": "AWS::MWAA::Environment", "Properties": dict.fromkeys(properties, COMPUTED)}
    }

    assert found(computed) == []


def test_property_that_a_condition_takes_away_is_absent() -> None:
    assert ids({"Airflow": environment(AirflowVersion={"Ref": "AWS::NoValue"})}) == ["MW002"]


def test_numbers_may_be_written_as_text() -> None:
    assert found({"Airflow": environment(MinWorkers="10", MaxWorkers="2")}) == [
        ("MW006", "MinWorkers is 10, more than MaxWorkers, which is 2")
    ]


def test_class_that_is_not_stated_is_mw1_small() -> None:
    assert found({"Airflow": environment(EnvironmentClass=None, MaxWorkers=51)}) == [
        ("MW007", "MaxWorkers is 51, but mw1.small takes 1 to 50")
    ]


def test_bucket_is_found_by_a_joined_arn() -> None:
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::orders-source"]]}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "orders-source"}}

    assert ids({"Airflow": environment(SourceBucketArn=arn), "Source": bucket}) == ["MW044", "MW045"]


def test_bucket_is_found_in_another_stack_by_its_export() -> None:
    other = Template(
        "storage",
        {
            "Resources": {"Source": {"Type": "AWS::S3::Bucket"}},
            "Outputs": {"Arn": {"Value": {"Fn::GetAtt": "Source.Arn"}, "Export": {"Name": "storage:source"}}},
        },
    )
    arn = {"Fn::ImportValue": "storage:source"}

    assert ids({"Airflow": environment(SourceBucketArn=arn)}, other) == ["MW044", "MW045"]


def test_security_group_with_a_rule_inside_it_that_names_itself_cannot_be_written_so_a_resource_does() -> (
    None
):
    resources = {
        "Airflow": environment(
            NetworkConfiguration={
                "SubnetIds": ["subnet-1", "subnet-2"],
                "SecurityGroupIds": [{"Ref": "Group"}],
            }
        ),
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "Airflow"}},
    }
    own = {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {
            "GroupId": {"Ref": "Group"},
            "SourceSecurityGroupId": {"Fn::GetAtt": ["Group", "GroupId"]},
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": "5432",
        },
    }

    assert found(resources) == [("MW031", "Group does not let its own members in by port 443 and 5432")]
    assert found({**resources, "Own": own}) == []


def test_upgrade_needs_its_step_and_the_way_back_too() -> None:
    assert ids({"Airflow": environment()}, orders="2.10.3") == ["MW003"]
    assert ids({"Airflow": environment()}, orders="2.11.2") == []
    assert ids({"Airflow": environment(AirflowVersion="2.10.3")}, orders="3.3.1") == ["MW003"]
    assert ids({"Airflow": environment(AirflowVersion="2.11.2")}, orders="3.3.1") == []
    assert ids({"Airflow": environment()}, another="2.10.3") == []


def test_secret_is_never_part_of_the_message() -> None:
    options = {"smtp.smtp_password": "correct-horse-battery"}

    ((rule, message),) = found({"Airflow": environment(AirflowConfigurationOptions=options)})

    assert (rule, "correct-horse" in message) == ("MW023", False)


def test_reference_to_a_secret_is_no_secret() -> None:
    options = {"smtp.smtp_password_secret": "smtp"}

    assert found({"Airflow": environment(AirflowConfigurationOptions=options)}) == []


def test_ten_environments_are_looked_at_one_by_one() -> None:
    resources = {f"Airflow{n}": environment(Name=f"orders-{n}", Schedulers=n) for n in range(10)}

    assert ids(resources) == ["MW008"] * 6


def test_content_that_is_no_template_is_looked_at_without_an_error() -> None:
    broken: list[dict[str, Any]] = [
        {},
        {"Resources": []},
        {"Resources": {"Airflow": []}},
        {"Resources": {"Airflow": {"Type": "AWS::MWAA::Environment", "Properties": []}}},
    ]

    for body in broken:
        assert all(each.rule.id for each in breaches([Template("broken", body)]))


def test_option_that_leads_airflow_away_from_its_folder_is_found() -> None:
    options = {"core.plugins_folder": "/opt/plugins"}

    ((rule, message),) = found({"Airflow": environment(AirflowConfigurationOptions=options)})

    assert (rule, "Amazon MWAA fills only the folder of Airflow's default" in message) == ("MW024", True)
