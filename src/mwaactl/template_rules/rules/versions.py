"""Rules about the Airflow version and how an environment comes to it."""

from collections.abc import Iterator

from mwaactl.catalog.changes import graceful_replacement
from mwaactl.catalog.versions import airflow_versions, unsupported_on_mwaa, version_key
from mwaactl.config.problems import nearest
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.values import is_absent

_VERSIONS = f"{DOCS}/airflow-versions.html"
_STEP = "2.11"


def known_version(subject: Subject) -> str | None:
    """Returns the environment's Airflow version if MWAA offers it."""
    version = subject.text("AirflowVersion")
    return version if version in (*airflow_versions(), *unsupported_on_mwaa()) else None


def _exists(subject: Subject) -> Iterator[Found]:
    version = subject.text("AirflowVersion")
    if version is not None and known_version(subject) is None:
        instead = nearest(version, airflow_versions())
        yield ("AirflowVersion",), f"Amazon MWAA does not offer Airflow {version}; {instead}"


def _stated(subject: Subject) -> Iterator[Found]:
    if is_absent(subject.properties.get("AirflowVersion")):
        yield (), "AirflowVersion is not stated, so that the day of creation decides"


def _path(subject: Subject) -> Iterator[Found]:
    now, then = subject.current_version, known_version(subject)
    if now is None or then is None:
        return
    match version_key(now)[0], version_key(then)[0]:
        case (2, 3) if not now.startswith(_STEP):
            yield (
                ("AirflowVersion",),
                f"Airflow {now} cannot become {then} at once: {_STEP} lies between them",
            )
        case (3, 2) if not then.startswith(_STEP):
            yield ("AirflowVersion",), f"Airflow {now} can go back to {_STEP} only, not to {then}"
        case _:
            pass


def _replacement(subject: Subject) -> Iterator[Found]:
    strategy, version = subject.text("WorkerReplacementStrategy"), known_version(subject)
    if strategy not in {None, "FORCED", "GRACEFUL"}:
        yield ("WorkerReplacementStrategy",), f"WorkerReplacementStrategy is {strategy}: FORCED or GRACEFUL"
    region = subject.resource.template.region
    if strategy == "GRACEFUL" and version and not graceful_replacement().exists_in(version, region or ""):
        yield ("WorkerReplacementStrategy",), f"GRACEFUL does not exist with Airflow {version} in {region}"


VERSION_RULES = (
    TemplateRule(
        "MW001",
        "error",
        "The Airflow version is one that Amazon MWAA offers",
        "take a version of the list; after the end of support MWAA creates and upgrades to none",
        _VERSIONS,
        _exists,
    ),
    TemplateRule(
        "MW002",
        "warning",
        "The Airflow version is stated",
        "state AirflowVersion: without it a new environment gets the newest one of that day",
        _VERSIONS,
        _stated,
    ),
    TemplateRule(
        "MW003",
        "error",
        "An upgrade goes a way that Amazon MWAA offers",
        "go from 2.x to the newest 2.11 first, and from there to 3.x",
        f"{DOCS}/upgrading-environment.html",
        _path,
    ),
    TemplateRule(
        "MW004",
        "error",
        "The way in which updates replace workers exists",
        "use FORCED, or leave WorkerReplacementStrategy away",
        f"{DOCS}/update-environment.html",
        _replacement,
    ),
)
