"""What Airflow loads for `typed_assets`: the page with assets.

On 3.0.6 it stands in the menu Plugins and opens in a window of its own. From 3.1 on it is a view in the menu
at the left; 3.0.6 is not told of views, which it does not know.
https://airflow.apache.org/docs/apache-airflow/3.3.1/howto/custom-view-plugin.html
"""

from airflow import __version__
from airflow.plugins_manager import AirflowPlugin

from typed_assets.page.app import page_app

NAME = "Asset catalogue"
"""Not `Assets`: that is Airflow's own page."""
SHORT_NAME = "Catalogue"
"""What fits below an icon of the menu at the left."""
PREFIX = "/asset-catalogue"
HREF = f"{PREFIX[1:]}/"
"""Relative, so that it is right too where Airflow stands below a path."""

_HAS_VIEWS = tuple(int(part) for part in __version__.split(".")[:2]) >= (3, 1)
_VIEW = {
    "name": SHORT_NAME,
    "href": HREF,
    "destination": "nav",
    "nav_top_level": True,
    "url_route": "asset-catalogue",
    "icon": f"{HREF}icon-light.svg",
    "icon_dark_mode": f"{HREF}icon-dark.svg",
}


class TypedAssetsPlugin(AirflowPlugin):
    """Serves the page and puts it into the menu."""

    name = "typed_assets"
    fastapi_apps = [{"name": NAME, "app": page_app(), "url_prefix": PREFIX}]  # noqa: RUF012 - Airflow's interface
    external_views = [_VIEW] if _HAS_VIEWS else []
    appbuilder_menu_items = [] if _HAS_VIEWS else [{"name": NAME, "href": HREF}]
