"""The page with assets as one HTML document that holds its data, for any web server or a mail."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from mwaactl.report.page_script import joined_modules

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLE = re.compile(r'^ *<link rel="stylesheet" href="([^"]+)">\n', re.MULTILINE)
_SCRIPT = re.compile(r'^ *<script type="module" src="([^"]+)"></script>\n', re.MULTILINE)
_ICON = re.compile(r'<link rel="icon" href="([^"]+)">')


def page_document(files: Mapping[str, str], data: Mapping[str, Any]) -> str:
    """Return the document.

    Args:
        files: The page's files by their paths; `index.html` names what belongs to it.
        data: What the page shows instead of asking Airflow.

    Raises:
        ValueError: The page's files are not what can be joined.
    """
    index = files["index.html"]
    style = "".join(files[name] for name in _STYLE.findall(index))
    modules = {name: text for name, text in files.items() if name.endswith(".js")}
    (main,) = _SCRIPT.findall(index)
    script = joined_modules(modules, main)
    index = _STYLE.sub("", _SCRIPT.sub("", index))
    index = _ICON.sub(lambda found: f'<link rel="icon" href="{_data_url(files[found[1]])}">', index)
    head = f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">'
    # What stands in the data must not end the element: `<` can be written as an escape in JSON.
    # So can half of a surrogate pair, which UTF-8 cannot hold.
    values = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    values = values.encode(errors="backslashreplace").decode()
    held = f'<script type="application/json" id="catalogue-data">{values}</script>'
    index = index.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n    {head}')
    index = index.replace("  </head>", f"    <style>{style}</style>\n  </head>")
    return index.replace("  </body>", f'    {held}\n    <script type="module">{script}</script>\n  </body>')


def _policy(style: str, script: str) -> str:
    sources = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {source}" for name, source in sources.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data_url(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
