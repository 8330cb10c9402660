"""By how much an environment's monthly bill changes with its size, or begins with the environment."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from mwaactl.catalog.classes import environment_classes
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.size import EnvironmentSize
from mwaactl.cost.assumptions import Assumptions
from mwaactl.cost.estimate import Estimate, Line, estimate


@dataclass(frozen=True, slots=True)
class CostDifference:
    """Two monthly bills.

    Attributes:
        before: Of the environment as it runs; None where there is none.
        after: Of the environment as it is configured.
        settings: What differs, by its name in the configuration: as it runs, and as it is configured.
        stack: The CloudFormation stack that has these settings.
    """

    before: Estimate | None
    after: Estimate
    settings: Mapping[str, tuple[str | int, str | int]]
    stack: str

    @property
    def idle(self) -> Decimal:
        """What an idle month costs more; less than nothing where it costs less."""
        return self.after.idle - (self.before.idle if self.before else 0)

    @property
    def full(self) -> Decimal:
        """What a full month costs more; less than nothing where it costs less."""
        return self.after.full - (self.before.full if self.before else 0)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Lines of what differs that are in neither sum, because nobody knows their price."""
        return tuple(dict.fromkeys(each.name for each in self._differing if each.full_dollars is None))

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Other regions whose prices were taken for what differs."""
        taken = {each.price.region for each in self._differing if each.price is not None and each.full}
        return tuple(sorted(taken - {self.after.region}))

    @property
    def _differing(self) -> tuple[Line, ...]:
        """Lines that are not the same in both bills, of both of them."""
        if self.before is None:
            return self.after.lines
        pairs = zip(self.before.lines, self.after.lines, strict=True)
        return tuple(each for pair in pairs if pair[0] != pair[1] for each in pair)


def cost_of_creation(config: EnvironmentConfig) -> CostDifference:
    """Return what an environment will cost that does not exist yet."""
    return CostDifference(None, estimate(config, Assumptions()), {}, config.names.environment_stack)


def cost_of_resizing(config: EnvironmentConfig, running: EnvironmentSize | None) -> CostDifference | None:
    """Compare the bill of an environment as it is configured with that of its present size.

    Args:
        config: As it is configured.
        running: As it runs; None where that is not known.

    Returns:
        The difference; None where the size is the same, or is not known.
    """
    if running is None or running == config.size or running.environment_class not in environment_classes():
        return None
    present, wanted = asdict(running), asdict(config.size)
    settings = {name: (value, wanted[name]) for name, value in present.items() if value != wanted[name]}
    before, after = (estimate(each, Assumptions()) for each in (replace(config, **present), config))
    return CostDifference(before, after, settings, config.names.environment_stack)
