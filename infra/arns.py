"""ARNs that follow from names, for policies that must not wait for the resource to exist."""

from dataclasses import dataclass

from mwaactl.config.names import Names


@dataclass(frozen=True, slots=True)
class Arns:
    """ARNs of an environment's resources whose names are fixed."""

    names: Names

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.names.region}:{self.names.account}:{resource}"

    @property
    def source_bucket(self) -> str:
        """The bucket with DAGs, plugins, requirements and startup script."""
        return f"arn:aws:s3:::{self.names.source_bucket}"

    @property
    def data_bucket(self) -> str:
        """The bucket that the pipelines read from and write to."""
        return f"arn:aws:s3:::{self.names.data_bucket}"

    @property
    def normalise_function(self) -> str:
        """The Lambda function that normalises landed files."""
        return self._arn("lambda", f"function:{self.names.normalise_function}")

    @property
    def landed_queue(self) -> str:
        """The queue that tells of landed files."""
        return self._arn("sqs", self.names.landed_queue)

    @property
    def serving_table(self) -> str:
        """The DynamoDB table that applications read."""
        return self._arn("dynamodb", f"table/{self.names.serving_table}")

    @property
    def warn_topic(self) -> str:
        """The SNS topic for what can wait until the morning."""
        return self._arn("sns", f"{self.names.prefix}-warn")

    def data_objects(self, *prefixes: str) -> list[str]:
        """Objects of the data bucket under each prefix, for example `landing`."""
        return [f"{self.data_bucket}/{prefix}/*" for prefix in prefixes]
