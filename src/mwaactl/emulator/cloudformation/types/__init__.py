"""The resource types that the emulator models itself, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.types.alarm import Alarm
from mwaactl.emulator.cloudformation.types.budget import Budget
from mwaactl.emulator.cloudformation.types.cdk_metadata import CdkMetadata
from mwaactl.emulator.cloudformation.types.dashboard import Dashboard
from mwaactl.emulator.cloudformation.types.event_rule import EventRule
from mwaactl.emulator.cloudformation.types.flow_log import FlowLog
from mwaactl.emulator.cloudformation.types.gateways import (
    Eip,
    InternetGateway,
    NatGateway,
    VpcGatewayAttachment,
)
from mwaactl.emulator.cloudformation.types.iam import Policy, Role
from mwaactl.emulator.cloudformation.types.kms import Alias, Key
from mwaactl.emulator.cloudformation.types.lambda_event_source import EventSourceMapping
from mwaactl.emulator.cloudformation.types.lambda_function import LambdaFunction
from mwaactl.emulator.cloudformation.types.lambda_invocation import EventInvokeConfig, Permission
from mwaactl.emulator.cloudformation.types.lambda_layer import LayerVersion
from mwaactl.emulator.cloudformation.types.lambda_release import FunctionAlias, Version
from mwaactl.emulator.cloudformation.types.log_group import LogGroup
from mwaactl.emulator.cloudformation.types.managed_policy import ManagedPolicy
from mwaactl.emulator.cloudformation.types.messaging import QueuePolicy, Subscription, TopicPolicy
from mwaactl.emulator.cloudformation.types.metric_filter import MetricFilter
from mwaactl.emulator.cloudformation.types.mwaa_environment import MwaaEnvironment
from mwaactl.emulator.cloudformation.types.oidc_provider import OidcProvider
from mwaactl.emulator.cloudformation.types.redshift_serverless import Namespace, Workgroup
from mwaactl.emulator.cloudformation.types.routes import Route, RouteTable, SubnetRouteTableAssociation
from mwaactl.emulator.cloudformation.types.s3 import Bucket, BucketPolicy
from mwaactl.emulator.cloudformation.types.security_groups import (
    SecurityGroup,
    SecurityGroupEgress,
    SecurityGroupIngress,
)
from mwaactl.emulator.cloudformation.types.topic import Topic
from mwaactl.emulator.cloudformation.types.vpc import Subnet, Vpc
from mwaactl.emulator.cloudformation.types.vpc_endpoint import VpcEndpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.resource_type import ResourceType

_TYPES: tuple[ResourceType, ...] = (
    Alarm(),
    Alias(),
    Bucket(),
    BucketPolicy(),
    Budget(),
    CdkMetadata(),
    Dashboard(),
    Eip(),
    EventInvokeConfig(),
    EventRule(),
    EventSourceMapping(),
    FlowLog(),
    FunctionAlias(),
    InternetGateway(),
    Key(),
    LambdaFunction(),
    LayerVersion(),
    LogGroup(),
    ManagedPolicy(),
    MetricFilter(),
    MwaaEnvironment(),
    Namespace(),
    NatGateway(),
    OidcProvider(),
    Permission(),
    Policy(),
    QueuePolicy(),
    Role(),
    Route(),
    RouteTable(),
    SecurityGroup(),
    SecurityGroupEgress(),
    SecurityGroupIngress(),
    Subnet(),
    SubnetRouteTableAssociation(),
    Subscription(),
    Topic(),
    TopicPolicy(),
    Version(),
    Vpc(),
    VpcEndpoint(),
    VpcGatewayAttachment(),
    Workgroup(),
)

OWN_TYPES: Mapping[str, ResourceType] = {model.type_name: model for model in _TYPES}
