"""Notifiers that say which asset, which check, what it saw, and where to look.

pipeline("flights", on_failure=[("typed_assets.notifying.SnsNotifier", {"topic_arn": "arn:…"})])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typed_assets.notifying.message import Message
    from typed_assets.notifying.notifiers import EmailNotifier, SlackNotifier, SnsNotifier
    from typed_assets.notifying.sending import NotSentError

_PLACES = {
    "message": ("Message",),
    "notifiers": ("EmailNotifier", "SlackNotifier", "SnsNotifier"),
    "sending": ("NotSentError",),
}
_MODULES = {name: f"{__name__}.{module}" for module, names in _PLACES.items() for name in names}

__all__ = ["EmailNotifier", "Message", "NotSentError", "SlackNotifier", "SnsNotifier"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever stands there
    if name not in _MODULES:
        message = f"module `{__name__}` has no attribute `{name}`"
        raise AttributeError(message)
    return getattr(import_module(_MODULES[name]), name)
