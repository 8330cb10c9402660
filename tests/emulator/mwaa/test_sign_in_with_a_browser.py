"""The console's address in a real browser: the token after the # becomes Airflow's session."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.wrappers import Request

from tests.emulator.mwaa.conftest import World
from tests.fakes.airflow_of_assets import PREFIX, TOKEN, AirflowOfAssets
from tests.fakes.asset_answers import Version, company
from tests.fakes.browser import SECONDS, new_page
from tests.fakes.fake_airflow_host import SECRET, FakeAirflow
from typed_assets.page.serving import POLICY


@dataclass(slots=True)
class AirflowWithPage(FakeAirflow):
    """An Airflow with the page of assets: 3.0 takes the session's token in a header, later ones as cookie."""

    assets: AirflowOfAssets = field(default_factory=lambda: AirflowOfAssets(company()))

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if not environ["PATH_INFO"].startswith((PREFIX, "/api/v2/")):
            return FakeAirflow.__call__(self, environ, start_response)
        environ["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}" if self._signed_in(Request(environ)) else ""
        return self.assets(environ, start_response)

    def _signed_in(self, request: Request) -> bool:
        header = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = header if self.assets.version == "3.0.6" else request.cookies.get("_token", "")
        try:
            return bool(jwt.decode(token, SECRET, algorithms=["HS256"]))
        except jwt.InvalidTokenError:
            return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    with new_page() as page:
        browser = page.context.browser
        assert browser is not None
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page that shares no session with another test's."""
    with chromium.new_context() as context:
        context.set_default_timeout(SECONDS * 1000)
        yield context.new_page()


def test_browser_is_signed_in_and_the_token_leaves_the_address(world: World, page: Page) -> None:
    world.create("seen")
    given = world.mwaa.create_web_login_token(Name="seen")
    host = given["WebServerHostname"]

    page.goto(f"http://{host}/aws_mwaa/aws-console-sso?login=true#{given['WebToken']}")
    page.wait_for_url(re.compile(rf"http://{re.escape(host)}/$"))
    shown = page.get_by_text("Airflow of").inner_text()
    cookies = {cookie["name"] for cookie in page.context.cookies()}

    assert shown.endswith("(Admin)")
    assert "_token" in cookies


def test_browser_is_told_what_is_wrong_with_a_token(world: World, page: Page) -> None:
    world.create("wrong")
    host = world.mwaa.create_web_login_token(Name="wrong")["WebServerHostname"]

    page.goto(f"http://{host}/aws_mwaa/aws-console-sso?login=true#nonsense")
    page.get_by_text("The login token is not valid").wait_for()
    said = page.locator("#state").inner_text()

    assert said.endswith("Run again: mwaactl env open")


@pytest.mark.parametrize("version", ["3.3.1", "3.0.6"])
def test_page_with_assets_asks_airflow_with_the_session_of_the_console(
    world: World, page: Page, version: Version
) -> None:
    name = f"assets-{version.replace('.', '-')}"
    world.hosts.prepare(name).airflow = AirflowWithPage(assets=AirflowOfAssets(company(), version))
    world.create(name, AirflowVersion=version)
    given = world.mwaa.create_web_login_token(Name=name)
    site = f"http://{given['WebServerHostname']}"

    page.goto(f"{site}/aws_mwaa/aws-console-sso?login=true#{given['WebToken']}")
    page.wait_for_url(f"{site}/")
    served = page.goto(f"{site}{PREFIX}")
    expect(page.locator(".asset-row")).to_have_count(11)
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in to Airflow")

    assert served is not None
    assert served.headers["content-security-policy"] == POLICY
