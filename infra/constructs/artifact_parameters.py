"""Which artifacts the environment runs and how its updates replace workers, as CloudFormation parameters.

A deployment changes them without a new template, and `cdk deploy` keeps them: neither undoes the other.
"""

from collections.abc import Sequence

from aws_cdk import Aws, CfnCondition, CfnParameter, Fn
from constructs import Construct


class OptionalParameter(Construct):
    """A parameter whose property is absent from the environment while it is empty."""

    def __init__(
        self, scope: Construct, name: str, *, description: str, allowed: Sequence[str] | None = None
    ) -> None:
        super().__init__(scope, f"{name}Parameter")
        parameter = CfnParameter(
            self,
            "Value",
            type="String",
            default="",
            description=description,
            allowed_values=["", *allowed] if allowed else None,
        )
        parameter.override_logical_id(name)
        given = CfnCondition(
            self, "Given", expression=Fn.condition_not(Fn.condition_equals(parameter.value_as_string, ""))
        )
        given.override_logical_id(f"Has{name}")
        self.value = Fn.condition_if(given.logical_id, parameter.value_as_string, Aws.NO_VALUE).to_string()


class Artifact(Construct):
    """Key and object version of one file in the source bucket."""

    def __init__(self, scope: Construct, name: str, *, file: str) -> None:
        super().__init__(scope, name)
        self.key = OptionalParameter(self, f"{name}Key", description=f"Key of {file}").value
        self.version = OptionalParameter(self, f"{name}Version", description=f"Version of {file}").value


class ArtifactParameters(Construct):
    """The three files that an environment takes besides its DAGs."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.plugins = Artifact(self, "Plugins", file="plugins.zip")
        self.requirements = Artifact(self, "Requirements", file="requirements.txt")
        self.startup_script = Artifact(self, "StartupScript", file="the startup script")


class WorkerReplacement(Construct):
    """How an update replaces workers, as a parameter: a deployment says it for one update at a time."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.strategy = OptionalParameter(
            self,
            "WorkerReplacementStrategy",
            description="How updates replace workers: FORCED or GRACEFUL",
            allowed=("FORCED", "GRACEFUL"),
        ).value
