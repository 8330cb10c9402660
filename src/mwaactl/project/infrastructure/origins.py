"""Where in the project's Python a construct comes from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Origins:
    """Path of a construct to the file and line that made it, or what contains it."""

    places: Mapping[str, tuple[str, int]]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Reads what the tracing of the app wrote; a file that is not there has none."""
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            return cls({path: (str(name), int(line)) for path, (name, line) in found.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return cls({})

    def of(self, construct: str) -> tuple[str, int] | None:
        """Returns the place of a construct; that of the nearest one around it where Node made it."""
        path = construct
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition("/")[0]
        return None
