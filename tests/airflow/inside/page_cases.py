"""The plugin with the page, as each Airflow version loads it."""

import airflow
from airflow import plugins_manager
from airflow.plugins_manager import AirflowPlugin
from starlette.testclient import TestClient

from typed_assets.page.app import page_app
from typed_assets.page.serving import HEADERS, STATIC

HAS_VIEWS = not airflow.__version__.startswith("3.0.")


def plugin() -> AirflowPlugin:
    if HAS_VIEWS:
        found, errors = plugins_manager._get_plugins()
    else:
        plugins_manager.ensure_plugins_loaded()
        found, errors = plugins_manager.plugins or [], plugins_manager.import_errors
    assert errors == {}
    return next(each for each in found if each.name == "typed_assets")


def test_it_loads_and_stands_in_the_menu_once() -> None:
    loaded = plugin()
    assert [(each["url_prefix"], each["name"]) for each in loaded.fastapi_apps] == [
        ("/asset-catalogue", "Asset catalogue")
    ]
    entries = [*getattr(loaded, "external_views", []), *loaded.appbuilder_menu_items]
    assert [(each["name"], each["href"]) for each in entries] == [("Asset catalogue", "asset-catalogue/")]
    assert [each.get("url_route") for each in entries] == (["asset-catalogue"] if HAS_VIEWS else [None])


def test_files_are_served_with_the_headers_that_keep_the_page_to_itself() -> None:
    with TestClient(page_app()) as client:
        page = client.get("/")
        script = client.get("/js/main.js")
        again = client.get("/js/main.js", headers={"If-None-Match": script.headers["etag"]})
    assert page.text == (STATIC / "index.html").read_text(encoding="utf-8")
    assert {name: page.headers[name] for name in HEADERS} == dict(HEADERS)
    assert (script.status_code, script.headers["content-type"].split(";")[0]) == (200, "text/javascript")
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_but_its_files_is_served() -> None:
    with TestClient(page_app()) as client:
        answers = [
            client.get(path).status_code for path in ("/app.py", "/../app.py", "/docs", "/openapi.json")
        ]
    assert answers == [404, 404, 404, 404]
