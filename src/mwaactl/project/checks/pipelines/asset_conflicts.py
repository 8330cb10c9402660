"""Assets of one name with two URIs, or of one URI with two names: Airflow keeps one of them active.

A task whose outlet is the other one fails (`AirflowInactiveAssetInInletOrOutletException`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument, text_of

RULE = "asset-conflict"
CONFLICT_CLUES = frozenset({"Asset", "Dataset"})
_KINDS = frozenset({"airflow.sdk.Asset", "airflow.sdk.definitions.asset.Asset", "airflow.datasets.Dataset"})


@dataclass(frozen=True, slots=True)
class _Declared:
    source: PipelineSource
    line: int
    name: str
    uri: str


def asset_conflicts(sources: Sequence[PipelineSource], _: AirflowVersion) -> Iterator[Finding]:
    """Compares the assets of all files, as far as their names and URIs are literals."""
    declared = [asset for source in sources for asset in _assets(source)]
    uris, names = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for asset in declared:
        uris[asset.name].add(asset.uri)
        names[asset.uri].add(asset.name)
    for asset in declared:
        hint = "give each data set one name and one URI, in one module that all DAGs import"
        for other in sorted(uris[asset.name] - {asset.uri}):
            message = f"asset `{asset.name}` has the URI `{asset.uri}` here and `{other}` elsewhere"
            yield from asset.source.finding(RULE, "error", asset.line, message, hint)
        for other in sorted(names[asset.uri] - {asset.name}):
            message = f"the URI `{asset.uri}` is named `{asset.name}` here and `{other}` elsewhere"
            yield from asset.source.finding(RULE, "error", asset.line, message, hint)


def _assets(source: PipelineSource) -> Iterator[_Declared]:
    for call in source.calls:
        if source.origin(call.func) not in _KINDS:
            continue
        positional = [text_of(each) for each in call.args[:2]]
        name = text_of(argument(call, "name")) or (positional[0] if positional else None)
        second = positional[1] if len(positional) > 1 else None
        uri = text_of(argument(call, "uri")) or second
        if argument(call, "uri") is None and len(call.args) < 2:  # noqa: PLR2004 - only one was given
            uri = name
        if argument(call, "name") is None and not call.args:
            name = uri
        if name and uri:
            yield _Declared(source, call.lineno, name, _normalised(uri))


def _normalised(uri: str) -> str:
    """Return a URI as Airflow keeps it: without a slash at its end."""
    return uri.rstrip("/") if "://" in uri else uri
