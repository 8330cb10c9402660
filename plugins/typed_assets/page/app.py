"""The app that serves the page below Airflow's own address.

https://airflow.apache.org/docs/apache-airflow/3.3.1/administration-and-deployment/plugins.html (fastapi_apps)
"""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from typed_assets.page.serving import HEADERS, STATIC


class PageFiles(StaticFiles):
    """The files of the page, each with the headers that keep it to itself."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or 404; `/` is the page."""
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


def page_app() -> FastAPI:
    """Return the app; it answers nothing but the page's files."""
    app = FastAPI(title="Asset catalogue", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/", PageFiles(directory=STATIC, html=True))
    return app
