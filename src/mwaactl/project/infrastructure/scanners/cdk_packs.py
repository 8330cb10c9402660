"""What plugins of the CDK found at synthesis: the packs of cdk-nag, and whatever else the app adds."""

from collections.abc import Iterator

from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanned

# They are asked directly, so that they are asked where the app does not have them as a plugin too.
_OWN = "MWAA"


class CdkPacks:
    """Reads the report of the synthesis, in which the CDK has left out what is acknowledged."""

    @property
    def name(self) -> str:
        """What people call it."""
        return "cdk-nag"

    def scan(self, assembly: Assembly, means: Means) -> Iterator[Scanned]:
        """Gives what the report has.

        Raises:
            NotRunError: A plugin failed.
        """
        del means
        places = {path: place for place, path in assembly.constructs.items()}
        for each in assembly.violations:
            if each.failed:
                why = f"is incomplete: {each.message}"
                raise NotRunError(why)
            if each.plugin != _OWN:
                template, logical_id = places.get(each.construct, ("", ""))
                serious = each.severity in {"fatal", "error"}
                yield Scanned(
                    (f"{each.plugin}::{each.rule}",),
                    "error" if serious else "warning",
                    template,
                    logical_id,
                    each.message,
                    each.hint,
                )
