"""The counts that an estimate of costs rests on are those of the synthesised templates."""

import pytest

from mwaactl.cost.deployed import Deployed, deployed
from tests.infra.templates import SynthesisedEnvironment, properties


@pytest.fixture(params=["local", "dev", "prod", "without_nat", "customer", "existing", "shared"])
def environment(request: pytest.FixtureRequest) -> SynthesisedEnvironment:
    found: SynthesisedEnvironment = request.getfixturevalue(request.param)
    return found


def counted(environment: SynthesisedEnvironment) -> Deployed:
    def of(kind: str) -> list[dict[str, object]]:
        return [each for template in environment.templates for each in properties(template, kind)]

    interfaces = [each for each in of("AWS::EC2::VPCEndpoint") if each["VpcEndpointType"] == "Interface"]
    managed = [each for each in of("AWS::RedshiftServerless::Namespace") if each["ManageAdminPassword"]]
    return Deployed(
        nat_gateways=len(of("AWS::EC2::NatGateway")),
        endpoint_zones=sum(len(as_list(each["SubnetIds"])) for each in interfaces),
        keys=len(of("AWS::KMS::Key")),
        secrets=len(managed) + len(of("AWS::SecretsManager::Secret")),
        alarm_metrics=sum(watched_by(each) for each in of("AWS::CloudWatch::Alarm")),
        dashboards=len(of("AWS::CloudWatch::Dashboard")),
    )


def as_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def watched_by(alarm: dict[str, object]) -> int:
    """Metrics that an alarm reads: its own, or those that its expression names."""
    queries = as_list(alarm.get("Metrics", []))
    named = [each for each in queries if isinstance(each, dict) and "MetricStat" in each]
    return len(named) if queries else 1


def test_the_estimate_counts_what_the_templates_make(environment: SynthesisedEnvironment) -> None:
    assert deployed(environment.config) == counted(environment)


def test_every_gateway_has_one_address(prod: SynthesisedEnvironment) -> None:
    gateways = properties(prod.network, "AWS::EC2::NatGateway")

    assert len(properties(prod.network, "AWS::EC2::EIP")) == len(gateways) == 2
