"""Rules about who reaches the web server, and how."""

from collections.abc import Iterator

from mwaactl.catalog.access import access_modes
from mwaactl.template_rules.routes import Way, subnets_of, way_out
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.rules.versions import known_version
from mwaactl.template_rules.values import is_absent

_PAGE = f"{DOCS}/configuring-networking.html"
_MODE = "WebserverAccessMode"


def _public(subject: Subject) -> Iterator[Found]:
    mode = subject.text(_MODE)
    if mode is not None and mode.startswith("PUBLIC"):
        yield (_MODE,), f"{_MODE} is {mode}: the web server's address answers to the whole internet"


def _stated(subject: Subject) -> Iterator[Found]:
    if is_absent(subject.properties.get(_MODE)):
        yield (), f"{_MODE} is not stated"


def _offered(subject: Subject) -> Iterator[Found]:
    name, version = subject.text(_MODE), known_version(subject)
    if name is None:
        return
    mode = access_modes().get(name)
    if mode is None:
        yield (_MODE,), f"there is no {_MODE} {name}"
    elif version is not None and not mode.exists_in(version):
        yield (_MODE,), f"{name} needs Airflow {mode.since} or newer, not {version}"


def _workers_reach_it(subject: Subject) -> Iterator[Found]:
    mode, version = access_modes().get(subject.text(_MODE) or ""), known_version(subject)
    if mode is None or version is None or not mode.workers_need_internet(version):
        return
    ways = [way_out(subject.templates, subnet) for subnet in subnets_of(subject)]
    if Way.NONE in ways:
        failing = f"workers of Airflow {version} cannot reach the web server, and every task fails"
        yield (_MODE,), f"{mode.name} without a NAT gateway: {failing}"


ACCESS_RULES = (
    TemplateRule(
        "MW013",
        "warning",
        "The web server is not reached from the internet",
        "use PRIVATE_ONLY, or acknowledge it with the reason: IAM still asks who comes",
        _PAGE,
        _public,
    ),
    TemplateRule(
        "MW014",
        "warning",
        "How the web server is reached is stated",
        "state WebserverAccessMode",
        _PAGE,
        _stated,
    ),
    TemplateRule(
        "MW015",
        "error",
        "The access mode exists in the environment's Airflow version",
        "use PUBLIC_ONLY or PRIVATE_ONLY",
        _PAGE,
        _offered,
    ),
    TemplateRule(
        "MW016",
        "error",
        "Workers of Airflow 3 reach the web server",
        "use PRIVATE_ONLY or PUBLIC_AND_PRIVATE, or add a NAT gateway",
        _PAGE,
        _workers_reach_it,
    ),
)
