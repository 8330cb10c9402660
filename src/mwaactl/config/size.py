"""How large an MWAA environment is: what its price depends on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnvironmentSize:
    """Class and counts of an environment, by the names of the configuration."""

    environment_class: str
    min_workers: int
    max_workers: int
    schedulers: int
    min_webservers: int
    max_webservers: int
