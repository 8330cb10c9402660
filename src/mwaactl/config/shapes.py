"""Shapes of single values in mwaactl.toml, with messages for a reader and patterns for an editor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from mwaactl.catalog.limits import pattern

# Names become part of bucket names, which allow neither capitals nor underscores.
_NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_ACCOUNT = r"\d{12}"
_REGION = r"[a-z]{2}(-[a-z]+)+-\d"
_ZONE = r"[a-z]"
_VPC_ID = r"vpc-[0-9a-f]{8,17}"
_SUBNET_ID = r"subnet-[0-9a-f]{8,17}"
_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_BOUNDARY = r"account|none|o-[a-z0-9]{10,32}"
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+"
_BRANCH = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
_PROVIDER = r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com"
# Patterns are for the names below a path, as the console's sign-in makes them, never for accounts.
_PRINCIPAL = r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+\*?"
# A wildcard or an empty prefix would open every secret of the account.
_PREFIX = r"[A-Za-z0-9_.@-]+(/[A-Za-z0-9_.@-]+)*"
_WINDOW = pattern("maintenance_window").pattern


@dataclass(frozen=True, slots=True)
class SubnetCount:
    """So many subnets, each of them once."""

    count: int

    def __call__(self, subnets: tuple[str, ...]) -> tuple[str, ...]:
        """Returns the subnets, or raises a ValueError whose message completes a sentence about them."""
        if len(set(subnets)) != self.count or len(subnets) != self.count:
            problem = f"must be a list of {self.count} different subnets"
            raise ValueError(problem)
        return subnets

    @property
    def schema(self) -> dict[str, object]:
        """The same, for an editor."""
        return {"minItems": self.count, "maxItems": self.count, "uniqueItems": True}


@dataclass(frozen=True, slots=True)
class Matching:
    """A text that matches a pattern as a whole.

    Attributes:
        regex: The pattern, in the dialect that Python and JSON Schema share.
        expected: Completes the sentence "must be …".
    """

    regex: str
    expected: str

    def __call__(self, text: str) -> str:
        """Returns the text, or raises a ValueError whose message completes a sentence about it."""
        if not re.fullmatch(self.regex, text, re.ASCII):
            problem = f"is `{text}`, but must be {self.expected}"
            raise ValueError(problem)
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^({self.regex})$"}


def _vpc_range(text: str) -> str:
    try:
        network = IPv4Network(text)
    except ValueError as error:
        problem = f"is `{text}`, but must be an IPv4 range such as `10.192.0.0/16`: {error}"
        raise ValueError(problem) from error
    if not 16 <= network.prefixlen <= 24:  # noqa: PLR2004 - AWS allows /16 at most; four subnets need /24
        problem = f"is `{text}`, but a VPC here needs a range between /16 and /24"
        raise ValueError(problem)
    return text


def _client_range(text: str) -> str:
    try:
        network = IPv4Network(text)
    except ValueError as error:
        problem = f"is `{text}`, but must be an IPv4 range such as `10.0.0.0/8`: {error}"
        raise ValueError(problem) from error
    if network.prefixlen == 0:
        problem = "is everybody's address; name the ranges of your office, VPN or bastion"
        raise ValueError(problem)
    return text


def _zone_count(zones: tuple[str, ...]) -> tuple[str, ...]:
    if not 2 <= len(zones) <= 3:  # noqa: PLR2004 - MWAA takes two zones, the warehouse three
        problem = f"is a list of {len(zones)}, but must be the letters of two or three availability zones"
        raise ValueError(problem)
    return zones


def _endpoint(text: str) -> str:
    if "@" in text:
        problem = "holds a login, which other AWS clients ignore and messages would show"
        raise ValueError(problem)
    if not _is_address(text):
        problem = f"is `{text}`, but must be an address without a path, such as `http://127.0.0.1:4577`"
        raise ValueError(problem)
    return text.rstrip("/")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        has_port = parts.port is None or parts.port > 0
    except ValueError:  # brackets without an end, a port that is no number or too large
        return False
    surplus = parts.path.strip("/") or parts.query or parts.fragment
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port and not surplus


def _flat_options(value: object) -> object:
    """Joins tables to dotted keys: TOML reads an unquoted `core.parallelism = 32` as a table `core`."""
    if not isinstance(value, Mapping):
        return value
    flat: dict[str, object] = {}
    for section, inner in value.items():
        if isinstance(inner, Mapping):
            flat.update({f"{section}.{option}": _option_text(text) for option, text in inner.items()})
        else:
            flat[section] = _option_text(inner)
    return flat


def _option_text(value: object) -> object:
    return str(value) if isinstance(value, bool | int | float) else value


_TWO, _THREE = SubnetCount(2), SubnetCount(3)  # what MWAA takes, and what Redshift Serverless asks for

Name = Annotated[
    str, Matching(_NAME, "lower-case letters, digits and single hyphens, beginning with a letter")
]
Account = Annotated[str, Matching(_ACCOUNT, "the 12 digits of an AWS account, in quotes")]
Region = Annotated[str, Matching(_REGION, "an AWS region such as `eu-west-1`")]
Zone = Annotated[str, Matching(_ZONE, "the letter of an availability zone, such as `a`")]
Zones = Annotated[
    tuple[Zone, ...],
    AfterValidator(_zone_count),
    Field(json_schema_extra={"minItems": 2, "maxItems": 3, "uniqueItems": True}),
]
MaintenanceWindow = Annotated[
    str, Matching(_WINDOW, "`DAY:HH:MM` in UTC on a full or half hour, such as `SUN:03:30`")
]
AirflowNumber = Annotated[str, Matching(r"[23]\.\d+\.\d+", "an Airflow version such as `2.11.2`")]
RepositoryName = Annotated[
    str, Matching(_REPOSITORY, "a repository on GitHub such as `organisation/repository`")
]
BranchName = Annotated[str, Matching(_BRANCH, "one name without wildcards, such as `main`")]
PrincipalArn = Annotated[
    str, Matching(_PRINCIPAL, "the ARN of a role or a user, of which the end may be `*`")
]
OidcProviderArn = Annotated[
    str, Matching(_PROVIDER, "the ARN of an identity provider for token.actions.githubusercontent.com")
]
SecretPrefix = Annotated[
    str,
    Matching(_PREFIX, "a prefix without a slash at its end, such as `airflow/variables`"),
]
VpcRange = Annotated[str, AfterValidator(_vpc_range)]
ClientRange = Annotated[str, AfterValidator(_client_range)]
VpcId = Annotated[str, Matching(_VPC_ID, "the id of a VPC, such as `vpc-0123456789abcdef0`")]
SubnetId = Annotated[str, Matching(_SUBNET_ID, "the id of a subnet, such as `subnet-0123456789abcdef0`")]
TwoSubnets = Annotated[tuple[SubnetId, ...], AfterValidator(_TWO), Field(json_schema_extra=_TWO.schema)]
ThreeSubnets = Annotated[tuple[SubnetId, ...], AfterValidator(_THREE), Field(json_schema_extra=_THREE.schema)]
BucketName = Annotated[str, Matching(_BUCKET, "the name of a bucket")]
Boundary = Annotated[str, Matching(_BOUNDARY, "`account`, `none` or an organisation such as `o-a1b2c3d4e5`")]
Email = Annotated[str, Matching(_EMAIL, "an e-mail address")]
EndpointUrl = Annotated[str, AfterValidator(_endpoint)]
Options = Annotated[
    dict[str, str], BeforeValidator(_flat_options), WithJsonSchema({"type": "object"}, mode="validation")
]
