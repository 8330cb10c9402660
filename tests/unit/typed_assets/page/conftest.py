"""The page in a real browser, before a server that answers as Airflow does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Page

from tests.fakes.airflow_of_assets import PREFIX, TOKEN, AirflowOfAssets
from tests.fakes.asset_answers import NOW, company
from tests.fakes.browser import new_page
from tests.fakes.loopback_server import serving

type Opened = tuple[Page, str]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Page]:
    """One browser for all tests of a file: a second one cannot be driven while the first is there."""
    with new_page() as page:
        page.clock.set_fixed_time(NOW)
        yield page


@contextmanager
def opened(page: Page, airflow: AirflowOfAssets, *, cookie: bool = True) -> Iterator[str]:
    """Serve an Airflow, sign in, and give its address; every error of the page fails the test."""
    errors: list[str] = []
    with ExitStack() as stack:
        port = stack.enter_context(serving(airflow))
        address = f"http://127.0.0.1:{port}"
        page.context.clear_cookies()
        if cookie:
            page.context.add_cookies([{"name": "_token", "value": TOKEN, "url": address}])
        listen: Callable[[object], None] = lambda error: errors.append(str(error))  # noqa: E731
        page.on("pageerror", listen)
        try:
            yield address + PREFIX
        finally:
            page.remove_listener("pageerror", listen)
            page.goto("about:blank")
    assert errors == []


@pytest.fixture(scope="module")
def flights(chromium: Page) -> Iterator[Opened]:
    """The company's page on Airflow 3.3.1."""
    with opened(chromium, AirflowOfAssets(company())) as address:
        yield chromium, address
