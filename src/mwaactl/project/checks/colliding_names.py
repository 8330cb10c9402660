"""File names that differ only in case or in the composition of accents."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.portable_names import collisions


def colliding_names(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports names of files and folders of which a checkout on macOS or Windows keeps only one."""
    keys = [dag.key for dag in bundle.dags] + [f"{PLUGINS}/{file.name}" for file in bundle.plugin_files]
    for first, other in collisions(sorted(keys)):
        message = f"has the same name as `{first}` where {_difference(first, other)}"
        hint = "rename one: a checkout on macOS or Windows holds only one of them"
        yield Finding("colliding-names", "error", other, None, message, hint)


def _difference(first: str, other: str) -> str:
    if first.casefold() == other.casefold():
        return "case does not count"
    # They look the same, so that each is spelt out.
    return f"the composition of accents does not count: {other!a} and {first!a}"
