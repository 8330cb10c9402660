"""A metric of failed installations of requirements.txt, made of the logs."""

from collections.abc import Mapping

from aws_cdk.aws_logs import CfnMetricFilter
from constructs import Construct

from infra.constructs.environment_alarms import namespace_of
from mwaactl.catalog.alarms import alarms
from mwaactl.catalog.logs import requirements_failure


class RequirementsFailures(Construct):
    """Counts the lines in which MWAA says that pip failed.

    MWAA starts without the packages then, and tells nobody:
    https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-dependencies.html
    A filter sees a whole log group, so the line has to be one that nothing else writes. pip that is stopped
    after nine minutes writes none: that is not counted.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment_name: str, log_groups: Mapping[str, str]
    ) -> None:
        """Make a filter for each group; nothing is counted of groups that are not there.

        Args:
            scope: Where they belong.
            construct_id: Their id there.
            environment_name: The MWAA environment.
            log_groups: Kind, such as `Scheduler`, to the log group's name; the groups have to exist.
        """
        super().__init__(scope, construct_id)
        (metric,) = alarms()["requirements_failed"].metrics
        for kind, log_group in log_groups.items():
            CfnMetricFilter(
                self,
                kind,
                log_group_name=log_group,
                filter_name=f"{environment_name}-requirements-failures",
                filter_pattern=f'"{requirements_failure()}"',
                metric_transformations=[
                    CfnMetricFilter.MetricTransformationProperty(
                        metric_namespace=namespace_of(metric, environment_name),
                        metric_name=metric.name,
                        metric_value="1",
                        unit="Count",
                    )
                ],
            )
