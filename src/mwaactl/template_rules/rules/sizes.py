"""Rules about the class of an environment and how many of each component it has."""

from collections.abc import Iterator

from mwaactl.catalog.classes import Bounds, EnvironmentClass, default_environment_class, environment_classes
from mwaactl.catalog.limits import limits, pattern
from mwaactl.config.problems import nearest
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.values import as_mapping, is_absent, number

_CLASSES = f"{DOCS}/environment-class.html"


def _class(subject: Subject) -> EnvironmentClass | None:
    stated = subject.properties.get("EnvironmentClass")
    name = default_environment_class() if is_absent(stated) else subject.text("EnvironmentClass")
    return environment_classes().get(name or "")


def _exists(subject: Subject) -> Iterator[Found]:
    name = subject.text("EnvironmentClass")
    if name is not None and name not in environment_classes():
        yield ("EnvironmentClass",), f"there is no class {name}; {nearest(name, environment_classes())}"


def _order(subject: Subject) -> Iterator[Found]:
    for kind in ("Workers", "Webservers"):
        least = number(subject.properties.get(f"Min{kind}"))
        most = number(subject.properties.get(f"Max{kind}"))
        if least is not None and most is not None and least > most:
            yield (f"Min{kind}",), f"Min{kind} is {least}, more than Max{kind}, which is {most}"


def _workers(subject: Subject) -> Iterator[Found]:
    if size := _class(subject):
        yield from _outside(subject, size, size.workers, "MinWorkers", "MaxWorkers")


def _schedulers(subject: Subject) -> Iterator[Found]:
    if size := _class(subject):
        yield from _outside(subject, size, size.schedulers, "Schedulers")


def _webservers(subject: Subject) -> Iterator[Found]:
    if size := _class(subject):
        yield from _outside(subject, size, size.webservers, "MinWebservers", "MaxWebservers")


def _outside(subject: Subject, size: EnvironmentClass, bounds: Bounds, *names: str) -> Iterator[Found]:
    span = str(bounds.least) if bounds.least == bounds.most else f"{bounds.least} to {bounds.most}"
    for name in names:
        count = number(subject.properties.get(name))
        if count is not None and count not in bounds:
            yield (name,), f"{name} is {count}, but {size.name} takes {span}"


def _name(subject: Subject) -> Iterator[Found]:
    name = subject.text("Name")
    if name is not None and (
        not pattern("environment_name").fullmatch(name) or len(name) > limits().environment_name_length
    ):
        yield ("Name",), f"{name} is not a name that Amazon MWAA takes"


def _window(subject: Subject) -> Iterator[Found]:
    window = subject.text("WeeklyMaintenanceWindowStart")
    if window is not None and not pattern("maintenance_window").fullmatch(window):
        yield ("WeeklyMaintenanceWindowStart",), f"{window} is not the start of a maintenance window"


def _tags(subject: Subject) -> Iterator[Found]:
    for key in as_mapping(subject.properties.get("Tags")):
        if str(key).lower().startswith("aws:"):
            yield ("Tags", key), f"the tag {key} begins with aws:, which AWS keeps for itself"


SIZE_RULES = (
    TemplateRule(
        "MW005",
        "error",
        "The environment class exists",
        "take a class of the list, for example mw1.small",
        _CLASSES,
        _exists,
    ),
    TemplateRule(
        "MW006",
        "error",
        "The least number of workers and web servers is not more than the most",
        "raise the Max… property, or lower the Min… one",
        f"{DOCS}/mwaa-autoscaling.html",
        _order,
    ),
    TemplateRule(
        "MW007",
        "error",
        "The number of workers is within what the class takes",
        "change the number or the class; more than 25 workers also take a higher quota",
        _CLASSES,
        _workers,
    ),
    TemplateRule(
        "MW008",
        "error",
        "The number of schedulers is within what the class takes",
        "change the number or the class",
        _CLASSES,
        _schedulers,
    ),
    TemplateRule(
        "MW009",
        "error",
        "The number of web servers is within what the class takes",
        "change the number or the class",
        f"{DOCS}/mwaa-web-server-autoscaling.html",
        _webservers,
    ),
    TemplateRule(
        "MW010",
        "error",
        "The environment's name has a form that Amazon MWAA takes",
        "begin with a letter, go on with letters, digits, - and _, 80 characters at most",
        "https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html",
        _name,
    ),
    TemplateRule(
        "MW011",
        "error",
        "The weekly maintenance begins at a full or half hour of a day",
        "write DAY:HH:MM in UTC with 00 or 30 minutes, for example SUN:03:30",
        f"{DOCS}/environment-maintenance.html",
        _window,
    ),
    TemplateRule(
        "MW012",
        "error",
        "No tag uses what AWS keeps for itself",
        "choose another key",
        "https://docs.aws.amazon.com/mwaa/latest/API/API_TagResource.html",
        _tags,
    ),
)
