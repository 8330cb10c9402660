"""Existing and shared VPCs, and endpoints that are the customer's own: each synthesised without a finding."""

import json
from typing import Any

from mwaactl.catalog.endpoints import interface_endpoint_services
from tests.infra.network_configurations import VPC, VPN
from tests.infra.templates import SynthesisedEnvironment, only, properties, resources

PREFIX = "com.amazonaws.eu-west-1."
OWN = {"DatabaseVpcEndpointService", "WebserverVpcEndpointService"}


def endpoints(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Interface endpoints by their service, or by the attribute that names it."""
    found = {}
    for each in properties(template, "AWS::EC2::VPCEndpoint"):
        match each["ServiceName"]:
            case {"Fn::GetAtt": [_, str(attribute)]}:
                found[attribute] = each
            case {"Ref": str(parameter)}:
                found[parameter] = each
            case str(name):
                found[name.removeprefix(PREFIX)] = each
    return found


def test_customer_s_endpoints_stand_in_the_environment_s_own_stack(customer: SynthesisedEnvironment) -> None:
    found = endpoints(customer.environment)
    environment = only(customer.environment, "AWS::MWAA::Environment")

    assert environment["EndpointManagement"] == "CUSTOMER"
    assert set(found) > OWN
    for name in OWN:
        assert found[name]["SubnetIds"] == environment["NetworkConfiguration"]["SubnetIds"]
        assert found[name]["SecurityGroupIds"] == environment["NetworkConfiguration"]["SecurityGroupIds"]
        assert found[name]["PrivateDnsEnabled"] is False


def test_queue_s_endpoint_leads_to_the_one_queue_where_it_is_made_after_the_environment(
    customer: SynthesisedEnvironment,
) -> None:
    before, after = endpoints(customer.network), endpoints(customer.environment)

    assert "sqs" not in before
    assert {*before, "sqs"} - {"s3"} == set(interface_endpoint_services())
    statements = {each["Sid"]: each for each in after["sqs"]["PolicyDocument"]["Statement"]}
    (environment,) = resources(customer.environment, "AWS::MWAA::Environment")
    queue = {"Fn::GetAtt": [environment, "CeleryExecutorQueue"]}
    assert statements["CeleryQueue"]["Resource"] == queue
    assert statements["Inside"]["Condition"]["StringEquals"] == {
        "aws:PrincipalOrgID": "o-a1b2c3d4e5",
        "aws:ResourceOrgID": "o-a1b2c3d4e5",
    }


def test_private_web_server_is_opened_to_the_clients_alone(customer: SynthesisedEnvironment) -> None:
    groups = properties(customer.environment, "AWS::EC2::SecurityGroup")
    (rules,) = (
        each["SecurityGroupIngress"] for each in groups if each["GroupDescription"] == "MWAA environment"
    )

    assert rules == [
        {
            "CidrIp": VPN,
            "Description": "Browsers to the web server",
            "FromPort": 443,
            "IpProtocol": "tcp",
            "ToPort": 443,
        }
    ]


def test_environment_in_an_existing_vpc_refers_to_it_by_its_ids(
    existing: SynthesisedEnvironment,
) -> None:
    subnets = only(existing.environment, "AWS::MWAA::Environment")["NetworkConfiguration"]["SubnetIds"]

    assert subnets == [*VPC.subnets]
    assert only(existing.environment, "AWS::EC2::SecurityGroup")["VpcId"] == VPC.vpc_id
    assert only(existing.warehouse, "AWS::RedshiftServerless::Workgroup")["SubnetIds"] == [
        *VPC.warehouse_subnets
    ]
    assert only(existing.warehouse, "AWS::EC2::SecurityGroup")["VpcId"] == VPC.vpc_id
    assert endpoints(existing.environment) == {}


def test_shared_vpc_s_endpoints_are_made_in_its_owner_s_account_from_what_the_environment_puts_out(
    shared: SynthesisedEnvironment,
) -> None:
    name = shared.config.names.endpoints_stack
    template = json.loads((shared.outdir / f"{name}.template.json").read_text())
    manifest = json.loads((shared.outdir / "manifest.json").read_text())["artifacts"]
    given = {"DatabaseService", "WebserverService", "EnvironmentSecurityGroup"}

    assert manifest[name]["environment"] == "aws://444455556666/eu-west-1"
    assert set(endpoints(template)) == {"DatabaseService", "WebserverService"}
    assert given <= set(template["Parameters"])
    assert given | {"CeleryExecutorQueue"} <= set(shared.environment["Outputs"])
    assert endpoints(shared.environment) == {}


def test_shared_vpc_s_endpoints_let_in_the_environment_of_the_other_account_alone(
    shared: SynthesisedEnvironment,
) -> None:
    name = shared.config.names.endpoints_stack
    template = json.loads((shared.outdir / f"{name}.template.json").read_text())
    rules = [
        *only(template, "AWS::EC2::SecurityGroup").get("SecurityGroupIngress", ()),
        *properties(template, "AWS::EC2::SecurityGroupIngress"),
    ]

    assert sorted((each["FromPort"], each["ToPort"]) for each in rules) == [(443, 443), (5432, 5432)]
    for each in rules:
        assert each["SourceSecurityGroupId"] == {"Ref": "EnvironmentSecurityGroup"}
        assert each["SourceSecurityGroupOwnerId"] == shared.config.account
