"""Stacks over the API: what is deployed, refused, rolled back, updated, exported and deleted."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.stack_driver import StackDriver, declare, output, template

# Nothing in it can fail, and nothing of it costs time.
NOTHING = {"Nothing": declare("AWS::CDK::Metadata")}


def log_group(name: str, days: int = 7, **attributes: Any) -> dict[str, Any]:
    return {**declare("AWS::Logs::LogGroup", LogGroupName=name, RetentionInDays=days), **attributes}


def taken(name: str, by: str) -> dict[str, Any]:
    """A resource that must fail: its name is that of another one, which is there first."""
    return log_group(name, DependsOn=by)


def groups(aws: Any, prefix: str) -> dict[str, int | None]:
    found = aws("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
    return {each["logGroupName"]: each.get("retentionInDays") for each in found}


def change_set(stacks: StackDriver, kind: str, body: str, **request: Any) -> dict[str, Any]:
    client = stacks.cloudformation
    made = client.create_change_set(
        StackName=stacks.name(), ChangeSetName="c", ChangeSetType=kind, TemplateBody=body, **request
    )
    described: dict[str, Any] = client.describe_change_set(ChangeSetName=made["Id"])
    return described


def test_unknown_type_is_refused_and_named(stacks: StackDriver) -> None:
    resources = {"Fleet": declare("AWS::GameLift::Fleet"), **NOTHING}

    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::GameLift::Fleet\]"):
        stacks.create(resources)
    with pytest.raises(ClientError, match="does not exist"):
        stacks.describe(stacks.name())


def test_unknown_type_fails_the_change_set_of_cdk(stacks: StackDriver) -> None:
    with pytest.raises(ClientError, match=r"\[AWS::GameLift::Fleet\]"):
        change_set(stacks, "CREATE", template({"Fleet": declare("AWS::GameLift::Fleet")}))


def test_unmodelled_property_is_refused_and_named(stacks: StackDriver) -> None:
    with pytest.raises(ClientError) as caught:
        stacks.create({"Group": declare("AWS::Logs::LogGroup", DataProtectionPolicy={})})

    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert "[DataProtectionPolicy] of AWS::Logs::LogGroup (resource Group)" in str(caught.value)


def test_unmodelled_action_is_refused_and_named(aws: Any) -> None:
    with pytest.raises(ClientError, match="does not model DetectStackDrift of cloudformation") as caught:
        aws("cloudformation").detect_stack_drift(StackName="any")

    assert caught.value.response["Error"]["Code"] == "NotImplemented"


def test_dynamic_reference_fails_its_resource_and_is_named(stacks: StackDriver, unique: str) -> None:
    failed = stacks.create({"Group": log_group(f"{unique}-{{{{resolve:ssm:/name}}}}")})

    assert failed["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "does not model the dynamic reference" in stacks.failures()["Group"]


def test_failed_creation_is_rolled_back_and_can_be_deleted_and_tried_again(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    good, bad = log_group(f"{unique}-good"), taken(f"{unique}-good", "Good")

    failed = stacks.create({"Good": good, "Bad": bad})

    assert failed["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "Bad" in stacks.failures()
    assert groups(aws, unique) == {}
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.create({"Good": good})["StackStatus"] == "CREATE_COMPLETE"


def test_failed_update_is_rolled_back(stacks: StackDriver, aws: Any, unique: str) -> None:
    one = f"{unique}-one"
    stacks.create({"One": log_group(one, 7)})

    failed = stacks.update({"One": log_group(one, 30), "Two": taken(one, "One")})

    assert failed["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "Two" in stacks.failures()
    assert groups(aws, unique) == {one: 7}
    assert stacks.resources() == {"One": "UPDATE_COMPLETE"}
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update({"One": log_group(one, 7)})


def test_update_adds_changes_replaces_and_removes(stacks: StackDriver, aws: Any, unique: str) -> None:
    stacks.create({name: log_group(f"{unique}-{name}") for name in ("Changed", "Replaced", "Removed")})

    updated = stacks.update(
        {
            "Changed": log_group(f"{unique}-Changed", 30),
            "Replaced": log_group(f"{unique}-Replaced2"),
            "Added": log_group(f"{unique}-Added"),
        }
    )

    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    names = {"Changed": 30, "Replaced2": 7, "Added": 7}
    assert groups(aws, unique) == {f"{unique}-{name}": days for name, days in names.items()}
    assert set(stacks.resources()) == {"Changed", "Replaced", "Added"}


def test_custom_named_resource_is_not_replaced(stacks: StackDriver, unique: str) -> None:
    vpc = declare("AWS::IAM::Role", RoleName=unique, AssumeRolePolicyDocument={"Statement": []}, Path="/a/")
    stacks.create({"Role": vpc})

    stacks.update({"Role": {**vpc, "Properties": {**vpc["Properties"], "Path": "/b/"}}})

    assert f"Rename {unique} and update the stack again" in stacks.failures()["Role"]


def test_same_template_and_parameters_are_no_update(stacks: StackDriver) -> None:
    stacks.create(NOTHING)

    with pytest.raises(ClientError, match="No updates are to be performed") as caught:
        stacks.update(NOTHING)
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    described = change_set(stacks, "UPDATE", template(NOTHING))
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in described["StatusReason"]


def test_previous_template_takes_new_and_previous_parameters(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    parameters = {name: {"Type": "String", "Default": "1"} for name in ("DaysA", "DaysB")}
    resources = {
        "A": log_group(f"{unique}-a", {"Ref": "DaysA"}),  # type: ignore[arg-type]
        "B": log_group(f"{unique}-b", {"Ref": "DaysB"}),  # type: ignore[arg-type]
    }
    stacks.create(
        resources,
        sections={"Parameters": parameters},
        Parameters=[{"ParameterKey": "DaysB", "ParameterValue": "14"}],
    )

    stacks.cloudformation.update_stack(
        StackName=stacks.name(),
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": "DaysA", "ParameterValue": "30"},
            {"ParameterKey": "DaysB", "UsePreviousValue": True},
        ],
    )
    stacks.settled(stacks.name())

    assert groups(aws, unique) == {f"{unique}-a": 30, f"{unique}-b": 14}
    kept = stacks.cloudformation.get_template(StackName=stacks.name())["TemplateBody"]
    assert kept["Resources"].keys() == resources.keys()


def test_property_with_no_value_is_absent_until_its_parameter_is_given(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    days = {"Fn::If": ["HasDays", {"Ref": "Days"}, {"Ref": "AWS::NoValue"}]}
    sections = {
        "Parameters": {"Days": {"Type": "String", "Default": ""}},
        "Conditions": {"HasDays": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Days"}, ""]}]}},
    }
    resources = {"Group": log_group(unique, days)}  # type: ignore[arg-type]

    stacks.create(resources, sections=sections)
    before = groups(aws, unique)
    stacks.update(resources, sections=sections, Parameters=[{"ParameterKey": "Days", "ParameterValue": "14"}])

    assert (before, groups(aws, unique)) == ({unique: None}, {unique: 14})


def test_resource_whose_condition_turns_false_is_deleted(stacks: StackDriver, aws: Any, unique: str) -> None:
    sections = {
        "Parameters": {"Wanted": {"Type": "String", "Default": "yes"}},
        "Conditions": {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
    }
    resources = {**NOTHING, "Group": log_group(unique, Condition="IsWanted")}
    stacks.create(resources, sections=sections)
    there = groups(aws, unique)

    stacks.update(
        resources, sections=sections, Parameters=[{"ParameterKey": "Wanted", "ParameterValue": "no"}]
    )

    assert (there, groups(aws, unique)) == ({unique: 7}, {})


def test_change_set_creates_and_events_tell_of_every_resource(stacks: StackDriver) -> None:
    described = change_set(stacks, "CREATE", template(NOTHING))
    assert stacks.describe(stacks.name())["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert [each["ResourceChange"]["LogicalResourceId"] for each in described["Changes"]] == ["Nothing"]

    stacks.cloudformation.execute_change_set(ChangeSetName=described["ChangeSetId"], ClientRequestToken="t1")
    created = stacks.settled(stacks.name())

    events = stacks.cloudformation.describe_stack_events(StackName=stacks.name())["StackEvents"]
    assert created["StackStatus"] == "CREATE_COMPLETE"
    assert [(event["LogicalResourceId"], event["ResourceStatus"]) for event in events] == [
        (stacks.name(), "CREATE_COMPLETE"),
        ("Nothing", "CREATE_COMPLETE"),
        ("Nothing", "CREATE_IN_PROGRESS"),
        (stacks.name(), "CREATE_IN_PROGRESS"),
        (stacks.name(), "REVIEW_IN_PROGRESS"),
    ]
    assert events[0]["ClientRequestToken"] == "t1"


def test_operations_return_at_once_and_a_busy_stack_refuses_another(stacks: StackDriver) -> None:
    role = declare("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": []})
    resources = {f"Role{index}": role for index in range(40)}
    stacks.cloudformation.create_stack(StackName=stacks.name(), TemplateBody=template(resources))

    with pytest.raises(ClientError, match="is in CREATE_IN_PROGRESS state and can not be updated"):
        stacks.cloudformation.update_stack(StackName=stacks.name(), TemplateBody=template(NOTHING))
    assert stacks.settled(stacks.name())["StackStatus"] == "CREATE_COMPLETE"


def test_outputs_and_exports_reach_other_stacks_and_are_held_by_them(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    export = f"{unique}:Group"
    offered = {
        "Outputs": {
            "Group": output({"Ref": "Group"}, export),
            "Arn": output({"Fn::GetAtt": ["Group", "Arn"]}),
        }
    }
    first = stacks.create({"Group": log_group(unique)}, "first", sections=offered)
    imported = declare(
        "AWS::Logs::LogGroup", LogGroupName={"Fn::Join": ["-", [{"Fn::ImportValue": export}, "2"]]}
    )
    stacks.create({"Second": imported}, "second")

    assert {each["OutputKey"]: each["OutputValue"] for each in first["Outputs"]} == {
        "Group": unique,
        "Arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{unique}:*",
    }
    assert f"{unique}-2" in groups(aws, unique)
    listed = {each["Name"]: each["Value"] for each in stacks.cloudformation.list_exports()["Exports"]}
    assert listed[export] == unique
    assert stacks.cloudformation.list_imports(ExportName=export)["Imports"] == [stacks.name("second")]
    held = stacks.delete("first")
    assert held["StackStatus"] == "DELETE_FAILED"
    assert (
        f"Cannot delete export {export} as it is in use by {stacks.name('second')}"
        in held["StackStatusReason"]
    )
    stacks.delete("second")
    assert stacks.delete("first")["StackStatus"] == "DELETE_COMPLETE"


def test_missing_export_fails_the_resource_that_imports_it(stacks: StackDriver) -> None:
    stacks.create({"Group": declare("AWS::Logs::LogGroup", LogGroupName={"Fn::ImportValue": "nowhere"})})

    assert stacks.failures()["Group"] == "No export named nowhere found."


@pytest.mark.parametrize(
    ("policy", "kept_on_failure", "kept_on_delete"),
    [("Delete", False, False), ("Retain", True, True), ("RetainExceptOnCreate", False, True)],
)
def test_deletion_policy_decides_what_stays(
    stacks: StackDriver, aws: Any, unique: str, policy: str, *, kept_on_failure: bool, kept_on_delete: bool
) -> None:
    group = log_group(f"{unique}-1", DeletionPolicy=policy)
    stacks.create({"Group": group, "Bad": taken(f"{unique}-1", "Group")})
    after_failure = f"{unique}-1" in groups(aws, unique)
    stacks.delete()
    stacks.create({"Group": log_group(f"{unique}-2", DeletionPolicy=policy)}, "other")
    stacks.delete("other")

    assert (after_failure, f"{unique}-2" in groups(aws, unique)) == (kept_on_failure, kept_on_delete)


def test_stack_tags_reach_resources_whose_own_tags_win(stacks: StackDriver, aws: Any, unique: str) -> None:
    own = [{"Key": "owner", "Value": "resource"}]
    group = declare("AWS::Logs::LogGroup", LogGroupName=unique, Tags=own)
    tags = [{"Key": "owner", "Value": "stack"}, {"Key": "project", "Value": "flights"}]

    stacks.create({"Group": group}, Tags=tags)

    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{unique}"
    found = aws("logs").list_tags_for_resource(resourceArn=arn)["tags"]
    assert found == {"owner": "resource", "project": "flights"}


def test_second_stack_of_the_same_name_is_refused(stacks: StackDriver) -> None:
    stacks.create(NOTHING)

    with pytest.raises(ClientError) as caught:
        stacks.create(NOTHING)
    assert caught.value.response["Error"]["Code"] == "AlreadyExistsException"


def test_protected_stack_is_not_deleted(stacks: StackDriver) -> None:
    stacks.create(NOTHING, EnableTerminationProtection=True)

    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        stacks.delete()
    stacks.cloudformation.update_termination_protection(
        StackName=stacks.name(), EnableTerminationProtection=False
    )
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE"


def test_template_is_read_from_s3_however_the_url_names_the_bucket(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    aws("s3").create_bucket(Bucket=unique)
    aws("s3").put_object(Bucket=unique, Key="a b/t.json", Body=template(NOTHING).encode())

    for number, host in enumerate((f"s3.us-east-1.amazonaws.com/{unique}", f"{unique}.s3.amazonaws.com")):
        name = stacks.name(str(number))
        stacks.cloudformation.create_stack(StackName=name, TemplateURL=f"https://{host}/a%20b/t.json")
        assert stacks.settled(name)["StackStatus"] == "CREATE_COMPLETE"


def test_type_that_only_moto_models_is_created_and_deleted(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    stacks.create({"Topic": declare("AWS::SNS::Topic", TopicName=unique)})
    arn = stacks.physical_id("Topic")
    there = [topic["TopicArn"] for topic in aws("sns").list_topics()["Topics"]]

    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE"

    assert arn in there
    assert arn not in [topic["TopicArn"] for topic in aws("sns").list_topics()["Topics"]]


def test_update_that_moto_would_drop_fails_and_is_named(stacks: StackDriver, unique: str) -> None:
    def table(capacity: int) -> dict[str, Any]:
        return declare(
            "AWS::DynamoDB::Table",
            TableName=unique,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": capacity, "WriteCapacityUnits": 1},
        )

    stacks.create({"Table": table(1)})

    assert stacks.update({"Table": table(2)})["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    named = "does not model updates of AWS::DynamoDB::Table: ProvisionedThroughput"
    assert named in stacks.failures()["Table"]


def test_short_work_is_done_when_execution_answers(stacks: StackDriver) -> None:
    described = change_set(stacks, "CREATE", template(NOTHING))

    stacks.cloudformation.execute_change_set(ChangeSetName=described["ChangeSetId"])

    assert stacks.describe(stacks.name())["StackStatus"] == "CREATE_COMPLETE"


def test_executed_change_set_gives_its_name_back_and_takes_the_others_along(stacks: StackDriver) -> None:
    client, name = stacks.cloudformation, stacks.name()
    made = change_set(stacks, "CREATE", template(NOTHING))
    other = client.create_change_set(
        StackName=name, ChangeSetName="other", ChangeSetType="CREATE", TemplateBody=template(NOTHING)
    )
    assert len(client.list_change_sets(StackName=name)["Summaries"]) == 2

    client.execute_change_set(ChangeSetName=made["ChangeSetId"])
    stacks.settled(name)

    assert client.list_change_sets(StackName=name)["Summaries"] == []
    executed = client.describe_change_set(ChangeSetName=made["ChangeSetId"])
    assert executed["ExecutionStatus"] == "EXECUTE_COMPLETE"
    for gone in ({"ChangeSetName": "c", "StackName": name}, {"ChangeSetName": other["Id"]}):
        with pytest.raises(ClientError, match="does not exist"):
            client.describe_change_set(**gone)
    again = change_set(stacks, "UPDATE", template({**NOTHING, "More": NOTHING["Nothing"]}))
    assert again["Status"] == "CREATE_COMPLETE"
