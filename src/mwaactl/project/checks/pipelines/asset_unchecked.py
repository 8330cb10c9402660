"""Assets of typed_assets that nothing checks."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument, has_more_arguments

RULE = "asset-unchecked"
_DECORATOR = frozenset({"typed_assets.asset", "typed_assets.authoring.decorators.asset"})


def asset_unchecked(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports what is made with neither a contract nor a check: whatever is written is published."""
    for call in source.calls:
        if source.origin(call.func) not in _DECORATOR or has_more_arguments(call):
            continue
        if argument(call, "uri") and not argument(call, "contract") and not argument(call, "checks"):
            message = "the asset has neither a contract nor a check, so whatever is written is published"
            hint = "give it `contract=Contract(…)`; `rows=RowCount()` alone keeps an empty table away"
            yield from source.finding(RULE, "warning", call.lineno, message, hint)
