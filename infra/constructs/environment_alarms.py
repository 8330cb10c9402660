"""The alarms of an MWAA environment."""

from collections.abc import Mapping
from types import MappingProxyType

from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch import CfnAlarm
from constructs import Construct

from mwaactl.catalog.alarms import OWN_NAMESPACE, AlarmFacts, WatchedMetric, alarms

_NONE: Mapping[str, float] = MappingProxyType({})


class EnvironmentAlarms(Construct):
    """One alarm per row of the catalogue, each with its topic for ALARM and for OK.

    Amazon recommends ten of them, without saying whom to tell:
    https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-dashboard.html

    Attributes:
        names: Alarm of the catalogue to the alarm's name in CloudWatch.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment_name: str,
        environment_class: str,
        page: sns.ITopic,
        warn: sns.ITopic,
        thresholds: Mapping[str, float] = _NONE,
    ) -> None:
        """Make the alarms.

        Args:
            scope: Where they belong.
            construct_id: Their id there.
            environment_name: The MWAA environment, which need not exist yet.
            environment_class: Its class, for example `mw1.small`: some thresholds follow from it.
            page: Told of what cannot wait.
            warn: Told of the rest.
            thresholds: Alarm to threshold where the catalogue's does not fit, such as `parse_time` where DAG
                files are not read every 30 seconds. None by default.
        """
        super().__init__(scope, construct_id)
        topics = {"page": page.topic_arn, "warn": warn.topic_arn}
        self.names: dict[str, str] = {}
        for facts in alarms().values():
            threshold = thresholds.get(facts.name, facts.thresholds[environment_class])
            self.names[facts.name] = alarm_name(environment_name, facts.name)
            _alarm(self, facts, self.names[facts.name], environment_name, threshold, topics[facts.severity])


def alarm_name(environment_name: str, name: str) -> str:
    """The name in CloudWatch of one of the catalogue's alarms."""
    return f"{environment_name}-{name.replace('_', '-')}"


def namespace_of(metric: WatchedMetric, environment_name: str) -> str:
    """A metric's namespace: what filters make of logs can have no dimensions, so the name stands in it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringPolicyExamples.html
    """
    return f"{OWN_NAMESPACE}/{environment_name}" if metric.namespace == OWN_NAMESPACE else metric.namespace


def dimensions_of(metric: WatchedMetric, environment_name: str) -> dict[str, str]:
    """All dimensions of a metric by name."""
    if metric.namespace == OWN_NAMESPACE:
        return {}
    return {"Environment": environment_name, **metric.dimensions}


def _alarm(
    scope: Construct, facts: AlarmFacts, name: str, environment_name: str, threshold: float, topic_arn: str
) -> None:
    watched = (
        {"metrics": _queries(facts, environment_name)}
        if facts.expression
        else {
            "namespace": namespace_of(facts.metrics[0], environment_name),
            "metric_name": facts.metrics[0].name,
            "dimensions": _dimensions(facts.metrics[0], environment_name),
            "statistic": facts.statistic,
            "period": facts.period,
        }
    )
    CfnAlarm(
        scope,
        facts.name,
        alarm_name=name,
        alarm_description=f"{facts.meaning}. First: {facts.first_step}.",
        comparison_operator=facts.comparison,
        threshold=threshold,
        evaluation_periods=facts.periods,
        datapoints_to_alarm=facts.periods,
        treat_missing_data=facts.missing,
        alarm_actions=[topic_arn],
        ok_actions=[topic_arn],
        **watched,
    )


def _queries(facts: AlarmFacts, environment_name: str) -> list[CfnAlarm.MetricDataQueryProperty]:
    result = CfnAlarm.MetricDataQueryProperty(
        id="result", expression=facts.expression, label=facts.name, return_data=True
    )
    return [result, *(_query(facts, metric, environment_name) for metric in facts.metrics)]


def _query(
    facts: AlarmFacts, metric: WatchedMetric, environment_name: str
) -> CfnAlarm.MetricDataQueryProperty:
    return CfnAlarm.MetricDataQueryProperty(
        id=metric.id,
        return_data=False,
        metric_stat=CfnAlarm.MetricStatProperty(
            metric=CfnAlarm.MetricProperty(
                namespace=namespace_of(metric, environment_name),
                metric_name=metric.name,
                dimensions=_dimensions(metric, environment_name),
            ),
            period=facts.period,
            stat=facts.statistic,
        ),
    )


def _dimensions(metric: WatchedMetric, environment_name: str) -> list[CfnAlarm.DimensionProperty]:
    return [
        CfnAlarm.DimensionProperty(name=name, value=value)
        for name, value in dimensions_of(metric, environment_name).items()
    ]
