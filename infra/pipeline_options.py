"""What the DAGs learn about their surroundings: Airflow options of the section `pipelines`."""

from infra.admin_secret import admin_secret_name
from infra.arns import Arns
from mwaactl.config.names import Names


def pipeline_options(names: Names, *, copy_role_arn: str) -> dict[str, str]:
    """Airflow configuration options that tell the DAGs where data, function and warehouse are.

    `warehouse_secret_arn` is the secret's name, which the Redshift Data API takes in place of the ARN.
    """
    return {
        "pipelines.data_bucket": names.data_bucket,
        "pipelines.landed_queue_url": f"https://sqs.{names.region}.amazonaws.com/{names.account}/{names.landed_queue}",
        "pipelines.normalise_function": names.normalise_function,
        "pipelines.notification_topic_arn": Arns(names).warn_topic,
        "pipelines.serving_table": names.serving_table,
        "pipelines.warehouse_copy_role_arn": copy_role_arn,
        "pipelines.warehouse_database": names.database,
        "pipelines.warehouse_secret_arn": admin_secret_name(names),
        "pipelines.warehouse_workgroup": names.workgroup,
    }
