"""Each type of ours: what exists after create, update and delete, asked of the service itself."""

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.stack_driver import StackDriver, declare, output

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ],
}
READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
LIST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}],
}


def attribute(logical_id: str, name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, name]}


def outputs(stack: dict[str, Any]) -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def tags(**pairs: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def complete(stack: dict[str, Any], stacks: StackDriver) -> None:
    assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"}, (
        stacks.failures()
    )


def network(second_octet: int = 20) -> dict[str, Any]:
    ref = {"Ref": "Vpc"}
    return {
        "Vpc": declare(
            "AWS::EC2::VPC", CidrBlock=f"10.{second_octet}.0.0/16", EnableDnsHostnames=True, Tags=tags(a="1")
        ),
        "Subnet": declare(
            "AWS::EC2::Subnet",
            VpcId=ref,
            CidrBlock=f"10.{second_octet}.1.0/24",
            AvailabilityZone="us-east-1a",
        ),
        "Gateway": declare("AWS::EC2::InternetGateway"),
        "Attachment": declare(
            "AWS::EC2::VPCGatewayAttachment", VpcId=ref, InternetGatewayId={"Ref": "Gateway"}
        ),
        "Table": declare("AWS::EC2::RouteTable", VpcId=ref),
        "Association": declare(
            "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "Subnet"}, RouteTableId={"Ref": "Table"}
        ),
        "Address": declare("AWS::EC2::EIP", Domain="vpc"),
        "Nat": declare(
            "AWS::EC2::NatGateway",
            SubnetId={"Ref": "Subnet"},
            AllocationId=attribute("Address", "AllocationId"),
        ),
        "Route": {
            **declare(
                "AWS::EC2::Route",
                RouteTableId={"Ref": "Table"},
                DestinationCidrBlock="0.0.0.0/0",
                GatewayId={"Ref": "Gateway"},
            ),
            "DependsOn": "Attachment",
        },
        "Endpoint": declare(
            "AWS::EC2::VPCEndpoint",
            VpcId=ref,
            ServiceName="com.amazonaws.us-east-1.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[{"Ref": "Table"}],
        ),
    }


def test_network_is_built_changed_and_torn_down(stacks: StackDriver, aws: Any) -> None:
    ec2 = aws("ec2")
    resources = network()
    complete(stacks.create(resources), stacks)
    vpc, table = stacks.physical_id("Vpc"), stacks.physical_id("Table")
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    dns = ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]

    resources["Vpc"]["Properties"] |= {"EnableDnsHostnames": False, "Tags": tags(b="2")}
    resources["Route"]["Properties"] |= {"NatGatewayId": {"Ref": "Nat"}}
    del resources["Route"]["Properties"]["GatewayId"]
    complete(stacks.update(resources), stacks)
    changed = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    described = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
    nat = stacks.physical_id("Nat")
    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    complete(stacks.delete(), stacks)

    assert dns is True
    assert "0.0.0.0/0" in {
        route.get("DestinationCidrBlock") for route in routes["Routes"] if "GatewayId" in route
    }
    assert routes["Associations"][0]["SubnetId"]
    assert nat in {route.get("NatGatewayId") for route in changed["Routes"]}
    assert described["Tags"] == tags(b="2")
    after = ec2.describe_vpc_attribute
    with pytest.raises(ClientError, match=vpc):
        after(VpcId=vpc, Attribute="enableDnsHostnames")
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    assert ec2.describe_route_tables(Filters=of_vpc)["RouteTables"] == []
    assert interfaces["NetworkInterfaces"]
    assert ec2.describe_network_interfaces(Filters=of_vpc)["NetworkInterfaces"] == []


def test_policy_of_an_endpoint_comes_changes_and_goes(stacks: StackDriver, aws: Any) -> None:
    def policy() -> Any:
        endpoint = stacks.physical_id("Endpoint")
        (found,) = aws("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
        return json.loads(found["PolicyDocument"])

    resources = network(23)
    resources["Endpoint"]["Properties"]["PolicyDocument"] = READ
    complete(stacks.create(resources), stacks)
    assert policy() == READ

    resources["Endpoint"]["Properties"]["PolicyDocument"] = LIST
    complete(stacks.update(resources), stacks)
    assert policy() == LIST

    resources["Endpoint"]["Properties"]["PolicyDocument"] = READ
    resources["Impossible"] = declare("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}, CidrBlock="10.99.0.0/24")
    assert stacks.update(resources)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert policy() == LIST

    del resources["Endpoint"]["Properties"]["PolicyDocument"], resources["Impossible"]
    complete(stacks.update(resources), stacks)
    assert policy()["Statement"] == [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
    complete(stacks.delete(), stacks)


def test_security_group_rules_are_those_of_the_template(stacks: StackDriver, aws: Any) -> None:
    ec2 = aws("ec2")
    group = declare(
        "AWS::EC2::SecurityGroup",
        GroupDescription="g",
        VpcId={"Ref": "Vpc"},
        SecurityGroupEgress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}],
    )
    itself = declare(
        "AWS::EC2::SecurityGroupIngress",
        GroupId=attribute("Group", "GroupId"),
        SourceSecurityGroupId=attribute("Group", "GroupId"),
        SourceSecurityGroupOwnerId="123456789012",
        IpProtocol="-1",
        Description="itself",
    )
    resources = {"Vpc": network(21)["Vpc"], "Group": group, "Itself": itself}
    complete(stacks.create(resources), stacks)
    name = stacks.physical_id("Group")
    before = ec2.describe_security_groups(GroupIds=[name])["SecurityGroups"][0]

    group["Properties"]["SecurityGroupEgress"] = [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]
    complete(stacks.update({"Vpc": resources["Vpc"], "Group": group}), stacks)
    after = ec2.describe_security_groups(GroupIds=[name])["SecurityGroups"][0]

    assert [(rule["IpProtocol"], rule.get("FromPort")) for rule in before["IpPermissionsEgress"]] == [
        ("tcp", 443)
    ]
    assert before["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == name
    assert [rule["IpRanges"] for rule in after["IpPermissionsEgress"]] == [[{"CidrIp": "10.0.0.0/8"}]]
    assert after["IpPermissions"] == []


def test_security_group_with_an_impossible_rule_leaves_nothing(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/99"}
    group = declare(
        "AWS::EC2::SecurityGroup", GroupDescription="g", GroupName=unique, SecurityGroupIngress=[rule]
    )

    assert stacks.create({"Group": group})["StackStatus"] == "ROLLBACK_COMPLETE"

    named = [{"Name": "group-name", "Values": [unique]}]
    assert aws("ec2").describe_security_groups(Filters=named)["SecurityGroups"] == []


def test_flow_log_writes_to_its_group(stacks: StackDriver, aws: Any, unique: str) -> None:
    resources = {
        "Vpc": network(22)["Vpc"],
        "Group": declare("AWS::Logs::LogGroup", LogGroupName=unique),
        "Role": declare("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Log": declare(
            "AWS::EC2::FlowLog",
            ResourceId={"Ref": "Vpc"},
            ResourceType="VPC",
            TrafficType="ALL",
            LogGroupName={"Ref": "Group"},
            LogDestinationType="cloud-watch-logs",
            DeliverLogsPermissionArn=attribute("Role", "Arn"),
        ),
    }
    complete(stacks.create(resources), stacks)
    flow_log = stacks.physical_id("Log")
    found = aws("ec2").describe_flow_logs(FlowLogIds=[flow_log])["FlowLogs"][0]
    complete(stacks.delete(), stacks)

    assert (found["LogGroupName"], found["TrafficType"]) == (unique, "ALL")
    assert (
        aws("ec2").describe_flow_logs(Filters=[{"Name": "log-group-name", "Values": [unique]}])["FlowLogs"]
        == []
    )


def test_bucket_has_every_setting_of_the_template(stacks: StackDriver, aws: Any, unique: str) -> None:
    s3 = aws("s3")
    resources = {
        "Key": declare("AWS::KMS::Key"),
        "Logs": declare("AWS::S3::Bucket", BucketName=f"{unique}-logs"),
        "Bucket": declare(
            "AWS::S3::Bucket",
            BucketName=unique,
            BucketEncryption={
                "ServerSideEncryptionConfiguration": [
                    {
                        "BucketKeyEnabled": True,
                        "ServerSideEncryptionByDefault": {
                            "SSEAlgorithm": "aws:kms",
                            "KMSMasterKeyID": attribute("Key", "Arn"),
                        },
                    }
                ]
            },
            VersioningConfiguration={"Status": "Enabled"},
            PublicAccessBlockConfiguration={"BlockPublicAcls": True, "RestrictPublicBuckets": True},
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            LoggingConfiguration={"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "x/"},
            LifecycleConfiguration={
                "Rules": [
                    {
                        "Id": "r",
                        "Status": "Enabled",
                        "ExpirationInDays": 90,
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        "NoncurrentVersionExpiration": {"NoncurrentDays": 365, "NewerNoncurrentVersions": 5},
                    }
                ]
            },
            Tags=tags(a="1"),
        ),
    }
    found = stacks.create(resources, sections={"Outputs": {"Key": output(attribute("Key", "Arn"))}})
    complete(found, stacks)
    encryption = s3.get_bucket_encryption(Bucket=unique)["ServerSideEncryptionConfiguration"]["Rules"][0]
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=unique)["Rules"][0]

    assert encryption["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == outputs(found)["Key"]
    assert s3.get_bucket_versioning(Bucket=unique)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=unique)["PublicAccessBlockConfiguration"]
    assert (block["BlockPublicAcls"], block["BlockPublicPolicy"]) == (True, False)
    owner = s3.get_bucket_ownership_controls(Bucket=unique)["OwnershipControls"]["Rules"]
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert s3.get_bucket_logging(Bucket=unique)["LoggingEnabled"]["TargetBucket"] == f"{unique}-logs"
    assert (lifecycle["Expiration"]["Days"], lifecycle["AbortIncompleteMultipartUpload"]) == (
        90,
        {"DaysAfterInitiation": 7},
    )
    assert s3.get_bucket_tagging(Bucket=unique)["TagSet"] == tags(a="1")


def test_bucket_settings_are_changed_and_taken_away(stacks: StackDriver, aws: Any, unique: str) -> None:
    s3 = aws("s3")
    on = {"VersioningConfiguration": {"Status": "Enabled"}, "Tags": tags(a="1")}
    complete(stacks.create({"B": declare("AWS::S3::Bucket", BucketName=unique, **on)}), stacks)

    rules = {"Rules": [{"Status": "Enabled", "ExpirationInDays": 1, "Prefix": "tmp/"}]}
    changed = declare("AWS::S3::Bucket", BucketName=unique, LifecycleConfiguration=rules)
    complete(stacks.update({"B": changed}), stacks)

    assert s3.get_bucket_versioning(Bucket=unique)["Status"] == "Suspended"
    assert s3.get_bucket_lifecycle_configuration(Bucket=unique)["Rules"][0]["Filter"] == {"Prefix": "tmp/"}
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket=unique)


def test_bucket_with_objects_is_not_deleted(stacks: StackDriver, aws: Any, unique: str) -> None:
    complete(stacks.create({"B": declare("AWS::S3::Bucket", BucketName=unique)}), stacks)
    aws("s3").put_object(Bucket=unique, Key="k", Body=b"v")

    failed = stacks.delete()

    assert failed["StackStatus"] == "DELETE_FAILED"
    assert "BucketNotEmpty" in stacks.failures()["B"]


def test_unmodelled_lifecycle_word_fails_the_bucket_and_leaves_none(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    rules = {"Rules": [{"Status": "Enabled", "TagFilters": []}]}
    stacks.create({"B": declare("AWS::S3::Bucket", BucketName=unique, LifecycleConfiguration=rules)})

    assert stacks.failures()["B"] == "The emulator does not model [TagFilters] in LifecycleConfiguration"
    assert unique not in {bucket["Name"] for bucket in aws("s3").list_buckets()["Buckets"]}


def test_generated_bucket_name_is_legal(stacks: StackDriver) -> None:
    complete(stacks.create({"AccessLogsBucketCD784A59": declare("AWS::S3::Bucket")}), stacks)

    name = stacks.physical_id("AccessLogsBucketCD784A59")

    assert name == name.lower()
    assert 3 <= len(name) <= 63


def test_bucket_policy_is_stored_changed_and_removed(stacks: StackDriver, aws: Any, unique: str) -> None:
    s3 = aws("s3")
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}
    tls = {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    bucket = {"B": declare("AWS::S3::Bucket", BucketName=unique)}
    policy = {"Bucket": {"Ref": "B"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [tls]}}
    complete(stacks.create({**bucket, "P": declare("AWS::S3::BucketPolicy", **policy)}), stacks)
    stored = json.loads(s3.get_bucket_policy(Bucket=unique)["Policy"])

    s3.put_object(Bucket=unique, Key="k", Body=b"v")
    body = s3.get_object(Bucket=unique, Key="k")["Body"].read()
    s3.delete_object(Bucket=unique, Key="k")
    policy["PolicyDocument"] = {"Version": "2012-10-17", "Statement": [{**tls, "Sid": "Tls"}]}
    complete(stacks.update({**bucket, "P": declare("AWS::S3::BucketPolicy", **policy)}), stacks)
    changed = json.loads(s3.get_bucket_policy(Bucket=unique)["Policy"])
    complete(stacks.update(bucket), stacks)

    assert (stored["Statement"], body, changed["Statement"]) == ([tls], b"v", [{**tls, "Sid": "Tls"}])
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=unique)


def test_key_and_alias(stacks: StackDriver, aws: Any, unique: str) -> None:
    kms = aws("kms")
    key = declare(
        "AWS::KMS::Key", Description="one", EnableKeyRotation=True, KeyPolicy=READ, Tags=tags(a="1")
    )
    alias = declare("AWS::KMS::Alias", AliasName=f"alias/{unique}", TargetKeyId=attribute("Key", "Arn"))
    complete(stacks.create({"Key": key, "Alias": alias}), stacks)
    name = stacks.physical_id("Key")
    rotated = kms.get_key_rotation_status(KeyId=name)["KeyRotationEnabled"]
    resolved = kms.describe_key(KeyId=f"alias/{unique}")["KeyMetadata"]["KeyId"]

    key["Properties"] |= {
        "Description": "two",
        "EnableKeyRotation": False,
        "KeyPolicy": LIST,
        "Tags": tags(b="2"),
    }
    complete(stacks.update({"Key": key, "Alias": alias}), stacks)
    described = kms.describe_key(KeyId=name)["KeyMetadata"]
    policy = json.loads(kms.get_key_policy(KeyId=name, PolicyName="default")["Policy"])
    tagged = kms.list_resource_tags(KeyId=name)["Tags"]
    turning = kms.get_key_rotation_status(KeyId=name)["KeyRotationEnabled"]
    complete(stacks.delete(), stacks)

    assert (rotated, resolved, turning) == (True, name, False)
    assert (described["Description"], policy, tagged) == ("two", LIST, [{"TagKey": "b", "TagValue": "2"}])
    assert kms.describe_key(KeyId=name)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert f"alias/{unique}" not in {alias["AliasName"] for alias in kms.list_aliases()["Aliases"]}


def test_role_and_policy(stacks: StackDriver, aws: Any, unique: str) -> None:
    iam = aws("iam")
    managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    role = declare(
        "AWS::IAM::Role",
        RoleName=unique,
        AssumeRolePolicyDocument=TRUST,
        ManagedPolicyArns=[managed],
        Policies=[{"PolicyName": "inline", "PolicyDocument": READ}],
        Tags=tags(a="1"),
    )
    policy = declare("AWS::IAM::Policy", PolicyName="apart", PolicyDocument=READ, Roles=[{"Ref": "Role"}])
    complete(stacks.create({"Role": role, "Policy": policy}), stacks)
    inline = iam.list_role_policies(RoleName=unique)["PolicyNames"]
    attached = [
        each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=unique)["AttachedPolicies"]
    ]

    role["Properties"] |= {"ManagedPolicyArns": [], "Policies": [], "Description": "d", "Tags": tags(b="2")}
    policy["Properties"] |= {"PolicyDocument": LIST}
    complete(stacks.update({"Role": role, "Policy": policy}), stacks)
    changed = iam.get_role(RoleName=unique)["Role"]
    left = iam.list_role_policies(RoleName=unique)["PolicyNames"]
    document = iam.get_role_policy(RoleName=unique, PolicyName="apart")["PolicyDocument"]
    complete(stacks.delete(), stacks)

    assert (sorted(inline), attached) == (["apart", "inline"], [managed])
    assert (left, document) == (["apart"], LIST)
    assert (changed["Description"], changed["Tags"]) == ("d", tags(b="2"))
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=unique)


def test_role_gets_changes_and_loses_its_boundary(stacks: StackDriver, aws: Any, unique: str) -> None:
    iam = aws("iam")
    boundary = declare("AWS::IAM::ManagedPolicy", PolicyDocument=READ)
    other = declare("AWS::IAM::ManagedPolicy", PolicyDocument=LIST)
    role = declare(
        "AWS::IAM::Role",
        RoleName=unique,
        AssumeRolePolicyDocument=TRUST,
        PermissionsBoundary={"Ref": "Boundary"},
    )
    parts = {"Boundary": boundary, "Other": other, "Role": role}
    seen = []
    complete(stacks.create(parts), stacks)
    for next_boundary in ({"Ref": "Other"}, None):
        seen.append(iam.get_role(RoleName=unique)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"])
        role["Properties"].pop("PermissionsBoundary")
        role["Properties"] |= {"PermissionsBoundary": next_boundary} if next_boundary else {}
        complete(stacks.update(parts), stacks)
    bounded = "PermissionsBoundary" in iam.get_role(RoleName=unique)["Role"]
    expected = [stacks.physical_id("Boundary"), stacks.physical_id("Other")]
    complete(stacks.delete(), stacks)

    assert (seen, bounded) == (expected, False)


def test_identity_provider_is_made_changed_and_deleted(stacks: StackDriver, aws: Any, unique: str) -> None:
    iam = aws("iam")
    provider = declare(
        "AWS::IAM::OIDCProvider",
        Url=f"https://{unique}.example.com",
        ClientIdList=["sts.amazonaws.com"],
        Tags=tags(a="1"),
    )
    sections = {"Outputs": {"Arn": output(attribute("Provider", "Arn"))}}
    made = stacks.create({"Provider": provider}, sections=sections)
    complete(made, stacks)
    arn = outputs(made)["Arn"]
    before = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)

    provider["Properties"] |= {"ClientIdList": ["other"], "ThumbprintList": ["0" * 40], "Tags": tags(b="2")}
    complete(stacks.update({"Provider": provider}, sections=sections), stacks)
    after = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    complete(stacks.delete(), stacks)

    assert arn == f"arn:aws:iam::123456789012:oidc-provider/{unique}.example.com"
    assert (before["ClientIDList"], before["ThumbprintList"]) == (["sts.amazonaws.com"], [])
    assert (after["ClientIDList"], after["ThumbprintList"]) == (["other"], ["0" * 40])
    assert after["Tags"] == tags(b="2")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_managed_policy_is_attached_changed_and_removed(stacks: StackDriver, aws: Any, unique: str) -> None:
    iam = aws("iam")
    role = declare("AWS::IAM::Role", RoleName=unique, AssumeRolePolicyDocument=TRUST)
    policy = declare("AWS::IAM::ManagedPolicy", Path="/team/", PolicyDocument=READ, Roles=[{"Ref": "Role"}])
    sections = {"Outputs": {"Arn": output(attribute("Policy", "PolicyArn"))}}
    made = stacks.create({"Role": role, "Policy": policy}, sections=sections)
    complete(made, stacks)
    arn = outputs(made)["Arn"]
    attached = iam.list_attached_role_policies(RoleName=unique)["AttachedPolicies"]

    for number in range(6):  # IAM keeps five versions
        statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::b{number}"}
        policy["Properties"]["PolicyDocument"] = {"Version": "2012-10-17", "Statement": [statement]}
        complete(stacks.update({"Role": role, "Policy": policy}, sections=sections), stacks)
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    del policy["Properties"]["Roles"]
    complete(stacks.update({"Role": role, "Policy": policy}, sections=sections), stacks)
    left = iam.list_attached_role_policies(RoleName=unique)["AttachedPolicies"]
    complete(stacks.delete(), stacks)

    assert ":policy/team/" in arn
    assert [each["PolicyArn"] for each in attached] == [arn]
    assert (version, document["Statement"][0]["Resource"], left) == ("v7", "arn:aws:s3:::b5", [])
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_policy(PolicyArn=arn)


def test_role_with_a_missing_managed_policy_leaves_none(stacks: StackDriver, aws: Any, unique: str) -> None:
    missing = "arn:aws:iam::aws:policy/NoSuchPolicy"
    role = declare(
        "AWS::IAM::Role", RoleName=unique, AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=[missing]
    )

    stacks.create({"Role": role})

    assert "NoSuchPolicy" in stacks.failures()["Role"]
    with pytest.raises(ClientError, match="NoSuchEntity"):
        aws("iam").get_role(RoleName=unique)


def test_log_group(stacks: StackDriver, aws: Any, unique: str) -> None:
    logs = aws("logs")
    key = declare("AWS::KMS::Key")
    group = declare(
        "AWS::Logs::LogGroup",
        LogGroupName=unique,
        RetentionInDays=7,
        KmsKeyId=attribute("Key", "Arn"),
        Tags=tags(a="1"),
    )
    complete(stacks.create({"Key": key, "Group": group}), stacks)
    before = logs.describe_log_groups(logGroupNamePrefix=unique)["logGroups"][0]
    del group["Properties"]["RetentionInDays"], group["Properties"]["KmsKeyId"]
    group["Properties"]["Tags"] = tags(b="2")
    complete(stacks.update({"Key": key, "Group": group}), stacks)
    after = logs.describe_log_groups(logGroupNamePrefix=unique)["logGroups"][0]
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{unique}"

    assert (before["retentionInDays"], "kmsKeyId" in before) == (7, True)
    assert ("retentionInDays" in after, after.get("kmsKeyId")) == (False, None)
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


def zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", source)
    return buffer.getvalue()


def test_function(stacks: StackDriver, aws: Any, unique: str) -> None:
    functions = aws("lambda")
    aws("s3").create_bucket(Bucket=unique)
    for key, word in (("one.zip", "one"), ("two.zip", "two")):
        aws("s3").put_object(
            Bucket=unique, Key=key, Body=zipped(f"def handle(event, context): return '{word}'")
        )
    function = declare(
        "AWS::Lambda::Function",
        FunctionName=unique,
        Runtime="python3.12",
        Handler="handler.handle",
        Role=attribute("Role", "Arn"),
        Code={"S3Bucket": unique, "S3Key": "one.zip"},
        MemorySize=256,
        Tags=tags(a="1"),
    )
    resources = {"Role": declare("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST), "Function": function}
    complete(stacks.create(resources), stacks)
    before = functions.get_function(FunctionName=unique)
    function["Properties"] |= {
        "Code": {"S3Bucket": unique, "S3Key": "two.zip"},
        "MemorySize": 512,
        "Environment": {"Variables": {"A": "1"}},
        "Tags": tags(b="2"),
    }
    complete(stacks.update(resources), stacks)
    after = functions.get_function(FunctionName=unique)
    complete(stacks.delete(), stacks)

    assert before["Configuration"]["CodeSha256"] != after["Configuration"]["CodeSha256"]
    assert (before["Configuration"]["MemorySize"], after["Configuration"]["MemorySize"]) == (256, 512)
    assert after["Configuration"]["Environment"]["Variables"] == {"A": "1"}
    assert (before["Tags"], after["Tags"]) == ({"a": "1"}, {"b": "2"})
    with pytest.raises(ClientError, match="ResourceNotFound"):
        functions.get_function(FunctionName=unique)


def test_namespace_and_workgroup(stacks: StackDriver, aws: Any, unique: str) -> None:
    service = aws("redshift-serverless")
    resources = {
        "Role": declare("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Namespace": declare(
            "AWS::RedshiftServerless::Namespace",
            NamespaceName=unique,
            DbName="warehouse",
            AdminUsername="admin",
            ManageAdminPassword=True,
            IamRoles=[attribute("Role", "Arn")],
            Tags=tags(a="1"),
        ),
        "Workgroup": declare(
            "AWS::RedshiftServerless::Workgroup",
            WorkgroupName=unique,
            NamespaceName={"Ref": "Namespace"},
            BaseCapacity=8,
        ),
    }
    arn = {"Outputs": {"Arn": output(attribute("Workgroup", "Workgroup.WorkgroupArn"))}}
    created = stacks.create(resources, sections=arn)
    complete(created, stacks)
    workgroup = service.get_workgroup(workgroupName=unique)["workgroup"]
    resources["Workgroup"]["Properties"]["BaseCapacity"] = 16
    complete(stacks.update(resources, sections=arn), stacks)
    resized = service.get_workgroup(workgroupName=unique)["workgroup"]
    namespace = service.get_namespace(namespaceName=unique)["namespace"]
    tagged = service.list_tags_for_resource(resourceArn=namespace["namespaceArn"])["tags"]
    complete(stacks.delete(), stacks)

    assert outputs(created)["Arn"] == workgroup["workgroupArn"]
    assert (workgroup["baseCapacity"], resized["baseCapacity"]) == (8, 16)
    assert (namespace["dbName"], tagged) == ("warehouse", [{"key": "a", "value": "1"}])
    with pytest.raises(ClientError, match="ResourceNotFound"):
        service.get_namespace(namespaceName=unique)
