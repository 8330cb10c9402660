"""The options of the environment: section `pipelines` of Airflow's configuration."""

import os
from collections.abc import Iterator, Mapping
from typing import override

from typed_assets.building.versions import name_of_airflow
from typed_assets.services import OPTIONS_SECTION
from typed_assets.spec.errors import SpecError, nearest

_VARIABLE_PREFIX = f"AIRFLOW__{OPTIONS_SECTION.upper()}__"


class AirflowOptions(Mapping[str, str]):
    """The section as a mapping; an empty option counts as one that is not set.

    On MWAA options are environment variables of Airflow, and Airflow does not list a section that only these
    make up. So names are asked for one by one, and the list of names is made of both.
    """

    def __init__(self) -> None:
        self._conf = name_of_airflow("conf")

    @override
    def __getitem__(self, name: str) -> str:
        value = self._conf.get(OPTIONS_SECTION, name, fallback=None)
        if not value:
            raise KeyError(name)
        return str(value)

    @override
    def __iter__(self) -> Iterator[str]:
        written = self._conf.getsection(OPTIONS_SECTION) or {}
        variables = (name.removeprefix(_VARIABLE_PREFIX).lower() for name in os.environ if _is_option(name))
        return (name for name in dict.fromkeys([*written, *variables]) if self.get(name))

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)


def option(name: str) -> str:
    """Return an option; templates of operators have this function too.

    Raises:
        SpecError: it is not set.
    """
    options = AirflowOptions()
    if name not in options:
        message = f"Airflow's configuration lacks `{OPTIONS_SECTION}.{name}`"
        raise SpecError(message, hint=nearest(name, options) or f"set {_VARIABLE_PREFIX}{name.upper()}")
    return options[name]


def _is_option(variable: str) -> bool:
    return variable.startswith(_VARIABLE_PREFIX)
