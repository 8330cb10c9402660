"""An environment as it might have been configured."""

from dataclasses import replace
from difflib import get_close_matches

from mwaactl.catalog.classes import Bounds, environment_classes
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.errors import ConfigError


def with_class(config: EnvironmentConfig, name: str) -> EnvironmentConfig:
    """Gives an environment another class, and counts that the class allows.

    Args:
        config: The environment as it is configured.
        name: The class, for example `mw1.medium`.

    Raises:
        ConfigError: There is no such class.
    """
    known = environment_classes()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"one of {', '.join(known)}"
        message = f"there is no environment class `{name}`"
        raise ConfigError(message, hint=hint)
    size = known[name]
    return replace(
        config,
        environment_class=name,
        min_workers=_within(size.workers, config.min_workers),
        max_workers=_within(size.workers, config.max_workers),
        schedulers=_within(size.schedulers, config.schedulers),
        min_webservers=_within(size.webservers, config.min_webservers),
        max_webservers=_within(size.webservers, config.max_webservers),
    )


def _within(bounds: Bounds, count: int) -> int:
    return min(max(count, bounds.least), bounds.most)
