"""What a function is at the moment of an invocation: everything that its process is started with."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.functions.layers import LayerContent


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """One version of a function. Two equal definitions may share warm processes.

    Attributes:
        arn: the function's ARN, without a version.
        name: its name.
        version: `$LATEST` or a number.
        region: where it lives.
        runtime: Lambda's identifier, for example `python3.12`.
        handler: `module.function`.
        role: ARN of its execution role.
        memory_mb: how much memory an invocation may use.
        timeout: seconds that an invocation may take.
        log_group: where its log streams stand.
        environment: its own environment variables, sorted.
        code_sha256: digest of the deployment package, as Lambda reports it.
        code: the deployment package, a zip file.
        layers: its layers; a later one goes before an earlier one.
    """

    arn: str
    name: str
    version: str
    region: str
    runtime: str
    handler: str
    role: str
    memory_mb: int
    timeout: int
    log_group: str
    environment: tuple[tuple[str, str], ...]
    code_sha256: str
    code: bytes = field(compare=False, repr=False)
    layers: "tuple[LayerContent, ...]" = ()

    @property
    def identity(self) -> tuple[str, str]:
        """What stays the same when the function is updated."""
        return self.arn, self.version
