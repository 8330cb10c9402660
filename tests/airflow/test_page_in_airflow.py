"""The page in the UI of a real Airflow, in Chromium: from the sign-in over the menu to what a check found."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from mwaactl.airflow_api.connect import connect
from mwaactl.operations.catalogue_answers import catalogue_answers
from tests.airflow.inside_airflow import INSIDE, InsideAirflow
from tests.airflow.runtimes import VERSIONS, runtime
from tests.fakes.browser import new_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mwaactl.airflow_api.rest import Invoke

SECONDS = 90
_SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
PASSWORD = "of this test"
# As `airflow standalone` has it, with two more users: who may read, and who may nothing.
OPTIONS = {
    "AIRFLOW__CORE__AUTH_MANAGER": _SIMPLE,
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,reader:viewer,nobody:",
    # Whose DAGs `run_dag` runs; 3.0.6 tells no task of a bundle that is not configured.
    "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(
        [
            {
                "name": "typed-assets-tests",
                "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
                "kwargs": {},
            }
        ]
    ),
    "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this test alone, long enough for HS512: 0123456789abcdef",
    "AIRFLOW__API__SECRET_KEY": "another one",
    "AIRFLOW__API__WORKERS": "1",
}


@contextmanager
def api_server(inside: InsideAirflow) -> Iterator[str]:
    """Start Airflow's web server; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = inside.home / "api-server.log"
    site = f"http://127.0.0.1:{port}"
    python = runtime(inside.version) / "bin" / "python"
    command = [str(python), "-m", "airflow", "api-server", "--host", "127.0.0.1", "--port", str(port)]
    passwords = inside.home / "passwords.json"
    passwords.write_text(json.dumps(dict.fromkeys(("admin", "reader", "nobody"), PASSWORD)), encoding="utf-8")
    environment = {
        **inside.environment,
        **OPTIONS,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__API__BASE_URL": site,
    }
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(command, env=environment, cwd=inside.home, stdout=output, stderr=output)
        try:
            wait_for(f"{site}/api/v2/version", server, lambda: log.read_text(encoding="utf-8"))
            yield site
        finally:
            server.terminate()
            server.wait(30)


def wait_for(url: str, server: subprocess.Popen[bytes], said: Callable[[], str]) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, said()
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
                answer.read()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    pytest.fail(said())


def sign_in(page: Page, site: str, user: str) -> None:
    """Sign in with Airflow's own form."""
    page.goto(f"{site}/auth/login")
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(rf"{re.escape(site)}/(?!auth/)"))


def heals(page: Page, address: str) -> None:
    """See that a good publication has put the refused one right, which stays in the history."""
    page.goto("about:blank")
    page.goto(f"{address}#/asset/page.lake/history")
    expect(page.locator(".asset-head .pill")).to_have_text("Good", timeout=SECONDS * 1000)
    expect(page.locator(".banner-failed")).to_have_count(0)
    outcomes = [row.split("\n")[0] for row in page.locator(".attempt-head").all_inner_texts()]
    assert outcomes == ["Published", "Refused by a check", "Published"]


def someone_elses(page: Page) -> Page:
    """Return a page of the same browser that knows nothing of this one's session."""
    browser = page.context.browser
    assert browser is not None
    return browser.new_context().new_page()


def heading_of(page: Page, address: str) -> str:
    """Open the page by its own address; return its heading once all is read."""
    page.goto(address)
    page.wait_for_selector("html[data-busy=false]", state="attached")
    return page.get_by_role("heading", level=1).inner_text()


def opened_from_the_menu(page: Page, version: str) -> Page:
    """Open the page from Airflow's menu; return the page of the frame, or the new window."""
    if version.startswith("3.0."):
        page.get_by_role("button", name="Plugins").or_(page.get_by_text("Plugins", exact=True)).first.click()
        with page.expect_popup() as popup:
            page.get_by_role("menuitem", name="Asset catalogue").click()
        return popup.value
    page.get_by_text("Catalogue", exact=True).first.click()
    page.wait_for_url("**/plugin/asset-catalogue**")
    return page


def asked_over_http(site: str, token: str) -> Invoke:
    """Return what calls this Airflow's API as MWAA's would."""

    def invoke(
        method: str, path: str, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310
            f"{site}/api/v2{path}?{urlencode(query or {})}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return json.load(answer)

    return invoke


def token_of(site: str) -> str:
    """Return a token for programs."""
    request = urllib.request.Request(  # noqa: S310
        f"{site}/auth/token",
        json.dumps({"username": "reader", "password": PASSWORD}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        return str(json.load(answer)["access_token"])


@pytest.mark.whole
@pytest.mark.parametrize("version", VERSIONS)
def test_the_menu_leads_to_what_a_check_found(version: str, airflow: Callable[[str], InsideAirflow]) -> None:
    inside = airflow(version)
    seeded = inside.script(INSIDE / "page_seed.py")
    assert seeded.returncode == 0, seeded.stdout
    with api_server(inside) as site, new_page() as page:
        own = f"{site}/asset-catalogue/"
        assert heading_of(page, own) == "You are not signed in to Airflow"
        sign_in(page, site, "reader")
        shown = opened_from_the_menu(page, version)
        view = shown if version.startswith("3.0.") else shown.frame_locator("iframe")
        expect(view.get_by_role("heading", level=1)).to_have_text("Catalogue", timeout=SECONDS * 1000)
        row = view.locator(".asset-row", has_text="page.lake")
        expect(row.locator(".description")).to_contain_text("Refused: number.range", timeout=SECONDS * 1000)
        view.get_by_role("link", name="page.lake").click()
        data = catalogue_answers(
            connect(version, asked_over_http(site, token_of(site))), "x", 9, datetime.now(UTC)
        )
        banner = view.locator(".banner-failed")
        expect(banner.get_by_role("heading")).to_have_text("Publication refused", timeout=SECONDS * 1000)
        assert "1 of 4 rows break it" in banner.inner_text()
        if not version.startswith("3.0."):
            assert shown.url.endswith("/plugin/asset-catalogue#/asset/page.lake")
            banner.get_by_role("link").click()
            shown.wait_for_url("**/dags/page_pipeline/runs/**/tasks/**")
        healed = inside.script(INSIDE / "page_seed.py", "healed")
        assert healed.returncode == 0, healed.stdout
        heals(page, own)
        other = someone_elses(page)
        sign_in(other, site, "nobody")
        assert heading_of(other, own) == "You may not read assets"
        assert "can read on Assets" in other.inner_text(".empty-page")
    assert [each["name"] for each in data["assets"]] == ["page.lake", "page.mart"]
    assert [each["extra"]["typed_assets"]["rows"] for each in data["asset_events"]] == [3, 3]
    assert {each["state"] for each in data["task_instances"]} == {"failed", "upstream_failed"}
