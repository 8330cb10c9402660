"""Rules about what an environment writes to CloudWatch Logs."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaactl.catalog.logs import log_kinds, log_levels
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.values import as_mapping, is_absent, is_intrinsic, switch, text

_PAGE = f"{DOCS}/monitoring-airflow.html"
_PROPERTY = {
    "DAGProcessing": "DagProcessingLogs",
    "Scheduler": "SchedulerLogs",
    "Task": "TaskLogs",
    "WebServer": "WebserverLogs",
    "Worker": "WorkerLogs",
}
_CONFIGURATION = "LoggingConfiguration"


def _configuration(subject: Subject) -> Mapping[str, Any] | None:
    """What is configured; None where CloudFormation computes it."""
    stated = subject.properties.get(_CONFIGURATION)
    return None if is_intrinsic(stated) and not is_absent(stated) else as_mapping(stated)


def _off(subject: Subject) -> list[str]:
    """Properties of the kinds that are certainly off."""
    configuration = _configuration(subject)
    if configuration is None:
        return []
    names = [_PROPERTY[kind] for kind in log_kinds()]
    return [name for name in names if _is_off(configuration.get(name))]


def _is_off(module: object) -> bool:
    if is_absent(module):
        return True
    if is_intrinsic(module):
        return False
    enabled = as_mapping(module).get("Enabled")
    return is_absent(enabled) or switch(enabled) is False


def _any(subject: Subject) -> Iterator[Found]:
    if len(_off(subject)) == len(log_kinds()):
        yield (_CONFIGURATION,), "nothing is logged: a failure would leave no trace"


def _each(subject: Subject) -> Iterator[Found]:
    off = _off(subject)
    if len(off) < len(log_kinds()):
        for name in off:
            yield (_CONFIGURATION, name), f"{name} are switched off"


def _levels(subject: Subject) -> Iterator[Found]:
    for name, module in (_configuration(subject) or {}).items():
        level = text(as_mapping(module).get("LogLevel"))
        if level is not None and level not in log_levels():
            yield (_CONFIGURATION, name, "LogLevel"), f"{level} is no level of a log"


def _retention(subject: Subject) -> Iterator[Found]:
    name = subject.text("Name")
    own = {f"airflow-{name}-{kind}" for kind in log_kinds()}
    for group in subject.templates.of_type("AWS::Logs::LogGroup"):
        group_name = text(group.properties.get("LogGroupName"))
        if name and group_name in own and is_absent(group.properties.get("RetentionInDays")):
            yield ("RetentionInDays",), f"the log group {group_name} is kept for ever", group


LOG_RULES = (
    TemplateRule(
        "MW017",
        "error",
        "Something of the environment is logged",
        "enable the logs in LoggingConfiguration, the task logs at least",
        _PAGE,
        _any,
    ),
    TemplateRule(
        "MW018",
        "warning",
        "Every kind of log is switched on",
        "enable it, or acknowledge that it is off: pip's own log stands among those of each component",
        _PAGE,
        _each,
    ),
    TemplateRule(
        "MW019",
        "error",
        "Levels of logs are levels that Amazon MWAA knows",
        "use CRITICAL, ERROR, WARNING, INFO or DEBUG",
        _PAGE,
        _levels,
    ),
    TemplateRule(
        "MW020",
        "warning",
        "The environment's log groups expire",
        "state RetentionInDays",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
        _retention,
    ),
)
