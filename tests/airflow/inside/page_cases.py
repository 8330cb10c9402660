"""The plugin with the page, as each Airflow version loads it."""

import asyncio

import airflow
import httpx
from airflow import plugins_manager
from airflow.plugins_manager import AirflowPlugin

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
    name = "Catalogue" if HAS_VIEWS else "Asset catalogue"
    assert [(each["name"], each["href"]) for each in entries] == [(name, "asset-catalogue/")]
    assert [each.get("url_route") for each in entries] == (["asset-catalogue"] if HAS_VIEWS else [None])


def answers(*asked: tuple[str, dict[str, str]]) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=page_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://airflow") as client:
            return [await client.get(path, headers=headers) for path, headers in asked]

    return asyncio.run(ask())


def test_files_are_served_with_the_headers_that_keep_the_page_to_itself() -> None:
    page, script = answers(("/", {}), ("/js/main.js", {}))
    (again,) = answers(("/js/main.js", {"If-None-Match": script.headers["etag"]}))
    assert page.text == (STATIC / "index.html").read_text(encoding="utf-8")
    assert {name: page.headers[name] for name in HEADERS} == dict(HEADERS)
    assert (script.status_code, script.headers["content-type"].split(";")[0]) == (200, "text/javascript")
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_but_its_files_is_served() -> None:
    paths = ("/app.py", "/../app.py", "/%2e%2e/app.py", "/docs", "/openapi.json")
    found = answers(*((path, {}) for path in paths))
    assert [each.status_code for each in found] == [404, 404, 404, 404, 404]
