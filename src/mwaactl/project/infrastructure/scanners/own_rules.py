"""The rules about MWAA, in this process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.scanners.scan import Means, Scanned
from mwaactl.template_rules.run import breaches


@dataclass(frozen=True, slots=True)
class OwnRules:
    """Holds templates to MW001 and following.

    Attributes:
        current_versions: The Airflow version that an environment runs now, by its name, where it is known.
    """

    current_versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call them."""
        return "the rules about MWAA"

    def scan(self, assembly: Assembly, means: Means) -> Iterator[Scanned]:
        """Looks at all templates together."""
        del means
        for each in breaches(assembly.templates, self.current_versions):
            yield Scanned(
                (f"MWAA::{each.rule.id}",),
                each.rule.level,
                each.resource.template.name,
                each.resource.logical_id,
                each.message,
                f"{each.rule.hint}: {each.rule.page}",
            )
