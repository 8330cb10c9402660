"""What every service answers before a restart, it answers after it, to the letter."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes.moto_account import MotoAccount

# What is older than two weeks is refused.
NOW = int(time.time() * 1000)

type Client = Callable[[str], Any]

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
)


@dataclass(frozen=True, slots=True)
class Service:
    """What to make, and what to ask before and after."""

    make: Callable[[Client], None]
    ask: Callable[[Client], list[dict[str, Any]]]


def make_iam(client: Client) -> None:
    iam = client("iam")
    iam.create_role(RoleName="task", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "k", "Value": "v"}])
    iam.put_role_policy(RoleName="task", PolicyName="inline", PolicyDocument=POLICY)
    made = iam.create_policy(PolicyName="own", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="task", PolicyArn=made)
    iam.create_user(UserName="ana")
    iam.create_access_key(UserName="ana")


def ask_iam(client: Client) -> list[dict[str, Any]]:
    iam = client("iam")
    return [
        iam.get_role(RoleName="task"),
        iam.get_role_policy(RoleName="task", PolicyName="inline"),
        iam.list_attached_role_policies(RoleName="task"),
        iam.list_policies(Scope="Local"),
        iam.list_access_keys(UserName="ana"),
    ]


def make_kms(client: Client) -> None:
    made = client("kms").create_key(Description="data", Tags=[{"TagKey": "k", "TagValue": "v"}])
    client("kms").create_alias(AliasName="alias/data", TargetKeyId=made["KeyMetadata"]["KeyId"])
    client("kms").enable_key_rotation(KeyId=made["KeyMetadata"]["KeyId"])
    client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")


def ask_kms(client: Client) -> list[dict[str, Any]]:
    kms = client("kms")
    keys = [each["KeyId"] for each in kms.list_keys()["Keys"]]
    described = [kms.describe_key(KeyId=key) for key in keys]
    signing = [each for each in described if each["KeyMetadata"].get("SigningAlgorithms")]
    public = [kms.get_public_key(KeyId=each["KeyMetadata"]["KeyId"]) for each in signing]
    return [*described, *public, kms.list_aliases()]


# One of the images that moto knows: to list all of them takes seconds.
IMAGE = "ami-03cf127a"


def make_ec2(client: Client) -> None:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="self", Description="d", VpcId=vpc)["GroupId"]
    source = [{"GroupId": group}]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": source}]
    )
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])


def ask_ec2(client: Client) -> list[dict[str, Any]]:
    ec2 = client("ec2")
    names = ("vpcs", "subnets", "security_groups", "internet_gateways", "route_tables", "vpc_endpoints")
    images = {each["ImageId"]: each["Name"] for each in ec2.describe_images(ImageIds=[IMAGE])["Images"]}
    assert [*images] == [IMAGE]
    return [*(getattr(ec2, f"describe_{name}")() for name in names), images]


def make_logs(client: Client) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="group", tags={"k": "v"})
    logs.put_retention_policy(logGroupName="group", retentionInDays=7)
    for stream in ("one", "two"):
        logs.create_log_stream(logGroupName="group", logStreamName=stream)
        lines = [{"timestamp": NOW + n, "message": f"{stream} {n}"} for n in range(50)]
        logs.put_log_events(logGroupName="group", logStreamName=stream, logEvents=lines)


def ask_logs(client: Client) -> list[dict[str, Any]]:
    logs = client("logs")
    found = logs.filter_log_events(logGroupName="group", limit=200)
    assert len(found["events"]) == 100
    return [
        found,
        logs.describe_log_groups(),
        logs.describe_log_streams(logGroupName="group"),
        logs.get_log_events(logGroupName="group", logStreamName="one"),
    ]


def make_secrets(client: Client) -> None:
    client("secretsmanager").create_secret(Name="first", SecretString="one")
    client("secretsmanager").put_secret_value(SecretId="first", SecretString="two")


def ask_secrets(client: Client) -> list[dict[str, Any]]:
    secrets = client("secretsmanager")
    before = secrets.get_secret_value(SecretId="first", VersionStage="AWSPREVIOUS")
    return [before, secrets.get_secret_value(SecretId="first"), secrets.list_secrets()]


def make_parameters(client: Client) -> None:
    client("ssm").put_parameter(Name="/a/b", Value="1", Type="String")
    client("ssm").put_parameter(Name="/a/b", Value="2", Type="String", Overwrite=True)


def ask_parameters(client: Client) -> list[dict[str, Any]]:
    ssm = client("ssm")
    return [ssm.get_parameter_history(Name="/a/b"), ssm.get_parameters_by_path(Path="/a")]


def make_queues(client: Client) -> None:
    queue = client("sqs").create_queue(QueueName="tasks", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    client("sqs").send_message(QueueUrl=queue, MessageBody="work")
    topic = client("sns").create_topic(Name="alerts")["TopicArn"]
    arn = "arn:aws:sqs:us-east-1:123456789012:tasks"
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    client("events").put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    client("events").put_targets(Rule="daily", Targets=[{"Id": "1", "Arn": arn}])


def ask_queues(client: Client) -> list[dict[str, Any]]:
    sqs = client("sqs")
    queue = sqs.get_queue_url(QueueName="tasks")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    return [
        {"body": message["Body"], "id": message["MessageId"]},
        sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout", "CreatedTimestamp"]),
        client("sns").list_subscriptions(),
        client("events").list_targets_by_rule(Rule="daily"),
    ]


def make_tables(client: Client) -> None:
    client("dynamodb").create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    client("dynamodb").put_item(TableName="items", Item={"id": {"S": "x"}, "m": {"M": {"n": {"N": "1"}}}})
    client("glue").create_database(DatabaseInput={"Name": "lake"})
    client("glue").create_table(DatabaseName="lake", TableInput={"Name": "flights"})


def ask_tables(client: Client) -> list[dict[str, Any]]:
    dynamodb, glue = client("dynamodb"), client("glue")
    described = dynamodb.describe_table(TableName="items")
    return [described, dynamodb.scan(TableName="items"), glue.get_table(DatabaseName="lake", Name="flights")]


def make_machines(client: Client) -> None:
    role = client("iam").create_role(RoleName="task", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    machine = client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=role)
    client("stepfunctions").start_execution(stateMachineArn=machine["stateMachineArn"], name="first")
    client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.12",
        Handler="f.handler",
        Role=role,
        Code={"ZipFile": package()},
        Publish=True,
    )
    client("lambda").create_alias(FunctionName="f", Name="live", FunctionVersion="1")


def ask_machines(client: Client) -> list[dict[str, Any]]:
    machines = client("stepfunctions")
    arn = machines.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    functions = client("lambda")
    return [
        machines.describe_state_machine(stateMachineArn=arn),
        machines.list_executions(stateMachineArn=arn),
        functions.get_function(FunctionName="f"),
        functions.get_alias(FunctionName="f", Name="live"),
        functions.list_versions_by_function(FunctionName="f"),
    ]


def make_metrics(client: Client) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName="late",
        MetricName="m",
        Namespace="n",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
    )
    client("ecr").create_repository(repositoryName="images")
    client("acm").request_certificate(DomainName="a.example")


def ask_metrics(client: Client) -> list[dict[str, Any]]:
    certificates = client("acm").list_certificates()
    return [client("cloudwatch").describe_alarms(), client("ecr").describe_repositories(), certificates]


def package() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("f.py", "def handler(event, context):\n    return event\n")
    return file.getvalue()


SERVICES = {
    "iam": Service(make_iam, ask_iam),
    "kms": Service(make_kms, ask_kms),
    "ec2": Service(make_ec2, ask_ec2),
    "logs": Service(make_logs, ask_logs),
    "secretsmanager": Service(make_secrets, ask_secrets),
    "ssm": Service(make_parameters, ask_parameters),
    "sqs, sns and events": Service(make_queues, ask_queues),
    "dynamodb and glue": Service(make_tables, ask_tables),
    "stepfunctions and lambda": Service(make_machines, ask_machines),
    "cloudwatch, ecr and acm": Service(make_metrics, ask_metrics),
}


@pytest.mark.parametrize("name", SERVICES)
def test_service_answers_as_before(account: MotoAccount, name: str) -> None:
    service = SERVICES[name]
    service.make(account.client)
    before = answers(service, account)

    checkpoints = account.restart()

    assert checkpoints.status().left_out == ()
    assert answers(service, account) == before
    # What was read back can be written again, and is the same once more.
    account.restart()
    assert answers(service, account) == before


def answers(service: Service, account: MotoAccount) -> list[dict[str, Any]]:
    found = service.ask(account.client)
    return [{key: value for key, value in each.items() if key != "ResponseMetadata"} for each in found]


def test_key_decrypts_and_verifies_what_it_did_before(account: MotoAccount) -> None:
    kms = account.client("kms")
    secret = kms.create_key()["KeyMetadata"]["KeyId"]
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    hidden = kms.encrypt(KeyId=secret, Plaintext=b"word")["CiphertextBlob"]
    how = {"Message": b"text", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    signature = kms.sign(KeyId=signing, **how)["Signature"]

    account.restart()

    assert kms.decrypt(CiphertextBlob=hidden)["Plaintext"] == b"word"
    assert kms.verify(KeyId=signing, Signature=signature, **how)["SignatureValid"]


def test_session_of_a_role_is_still_that_role(account: MotoAccount) -> None:
    role = account.client("iam").create_role(RoleName="task", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    account.client("sts").assume_role(RoleArn=role, RoleSessionName="run-1")

    def sessions() -> list[tuple[str, str, str]]:
        from moto.sts.models import sts_backends

        held = sts_backends["123456789012"]["aws"].assumed_roles
        return [(each.arn, each.access_key_id, each.session_token) for each in held]

    before = sessions()
    account.restart()

    assert sessions() == before
    assert before[0][0].endswith("assumed-role/task/run-1")


def test_new_resources_fit_beside_the_old(account: MotoAccount) -> None:
    make_ec2(account.client)
    make_logs(account.client)
    account.restart()

    ec2, logs = account.client("ec2"), account.client("logs")
    old = ec2.describe_vpcs()["Vpcs"][-1]["VpcId"]
    new = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=new, PeerVpcId=old)["VpcPeeringConnection"]
    event = [{"timestamp": NOW + 50, "message": "one 50"}]
    logs.put_log_events(logGroupName="group", logStreamName="one", logEvents=event)

    assert peering["AccepterVpcInfo"]["VpcId"] == old
    found = logs.filter_log_events(logGroupName="group", logStreamNames=["one"])["events"]
    assert len({each["eventId"] for each in found}) == 51
