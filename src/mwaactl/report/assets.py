"""Assets as text and as JSON."""

from collections.abc import Sequence
from typing import Any

from mwaactl.airflow_api.values import AirflowAsset
from mwaactl.report.table import table


def assets_text(assets: Sequence[AirflowAsset]) -> str:
    """Return assets as a table, in the order given."""
    if not assets:
        return "no assets"
    return table(("ASSET", "MADE BY", "PUBLISHED", "URI"), [_row(each) for each in assets])


def asset_data(asset: AirflowAsset) -> dict[str, Any]:
    """Return an asset as JSON values."""
    return {
        "name": asset.name,
        "uri": asset.uri,
        "group": asset.group,
        "made_by": [{"dag_id": dag, "task_id": task} for dag, task in asset.made_by],
        "schedules": list(asset.schedules),
        "published_at": asset.published_at.isoformat() if asset.published_at else None,
        "extra": dict(asset.extra),
    }


def _row(asset: AirflowAsset) -> tuple[str, str, str, str]:
    makers = sorted({dag for dag, _ in asset.made_by})
    published = f"{asset.published_at:%Y-%m-%d %H:%M:%S}" if asset.published_at else "-"
    return asset.name, ", ".join(makers) or "-", published, asset.uri
