"""What is said about each file of the page when it is served."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

STATIC = Path(__file__).parent / "static"

# Airflow shows the page in a frame of its own origin. Scripts and styles come from files only.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
POLICY = "; ".join(f"{name} {source}" for name, source in _SOURCES.items())

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-cache",  # asked each time, answered from the browser while the file is the same
    }
)
