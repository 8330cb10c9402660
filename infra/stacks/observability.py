"""The stack that watches the environment; changing it costs no update of MWAA."""

from aws_cdk import Environment, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.alarm_topics import AlarmTopics
from infra.constructs.environment_alarms import EnvironmentAlarms
from infra.constructs.environment_dashboard import EnvironmentDashboard
from infra.constructs.environment_events import EnvironmentEvents
from infra.constructs.monthly_budget import MonthlyBudget
from infra.constructs.requirements_failures import RequirementsFailures
from mwaactl.catalog.alarms import alarms
from mwaactl.catalog.logs import installing_kinds
from mwaactl.config.environment import BudgetConfig, EnvironmentConfig

_INTERVALS = ("dag_processor.min_file_process_interval", "scheduler.min_file_process_interval")


class ObservabilityStack(Stack):
    """Topics, alarms, event rules, dashboard and budget."""

    def __init__(self, scope: Construct, *, config: EnvironmentConfig, key: kms.IKey) -> None:
        names = config.names
        super().__init__(
            scope,
            names.observability_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"Alarms and dashboard of {names.environment_name}",
        )
        self._config = config
        self._topics = AlarmTopics(
            self,
            "Topics",
            name=names.prefix,
            key=key,
            page_emails=config.alarms.page_emails,
            warn_emails=config.alarms.warn_emails,
        )
        watched = self._watch() if config.alarms.enabled else ()
        EnvironmentDashboard(
            self,
            "Dashboard",
            environment_name=names.environment_name,
            alarm_names=watched,
            log_groups=[names.log_group(kind) for kind in config.log_levels],
            marks={
                "percent": self._threshold("worker_cpu"),
                "parse_time": config.alarms.thresholds.get("parse_time", self._interval()),
            },
        )
        if config.budget is not None:
            self._limit(config.budget)

    def _watch(self) -> tuple[str, ...]:
        """Make alarms and rules, and return the alarms' names."""
        config, topics = self._config, self._topics
        name = config.names.environment_name
        found = EnvironmentAlarms(
            self,
            "Alarms",
            environment_name=name,
            environment_class=config.environment_class,
            page=topics.page,
            warn=topics.warn,
            thresholds={"parse_time": self._interval(), **config.alarms.thresholds},
        )
        groups: dict[str, str] = {
            kind: config.names.log_group(kind) for kind in config.log_levels if kind in installing_kinds()
        }
        RequirementsFailures(self, "Requirements", environment_name=name, log_groups=groups)
        EnvironmentEvents(
            self,
            "Events",
            environment_name=name,
            stack_name=config.names.environment_stack,
            page=topics.page,
            warn=topics.warn,
        )
        return tuple(found.names.values())

    def _limit(self, budget: BudgetConfig) -> None:
        MonthlyBudget(
            self,
            "Budget",
            name=self._config.names.prefix,
            monthly_usd=budget.monthly_usd,
            topic=self._topics.warn,
            emails=budget.emails,
            tag=(budget.tag, self._config.tags[budget.tag]) if budget.tag else None,
        )

    def _interval(self) -> float:
        """Seconds between two readings of a DAG file, as the options say, else Airflow's default."""
        options = self._config.airflow_config_options
        given = next((options[name] for name in _INTERVALS if name in options), None)
        try:
            return float(given or "")
        except ValueError:
            return alarms()["parse_time"].thresholds[self._config.environment_class]

    def _threshold(self, name: str) -> float:
        default = alarms()[name].thresholds[self._config.environment_class]
        return self._config.alarms.thresholds.get(name, default)
