"""The console's address in a real browser: the token after the # becomes Airflow's session."""

import re

from tests.emulator.mwaa.conftest import World
from tests.fakes.browser import new_page


def test_browser_is_signed_in_and_the_token_leaves_the_address(world: World) -> None:
    world.create("seen")
    given = world.mwaa.create_web_login_token(Name="seen")
    host = given["WebServerHostname"]

    with new_page() as page:
        page.goto(f"http://{host}/aws_mwaa/aws-console-sso?login=true#{given['WebToken']}")
        page.wait_for_url(re.compile(rf"http://{re.escape(host)}/$"))
        shown = page.get_by_text("Airflow of").inner_text()
        cookies = {cookie["name"] for cookie in page.context.cookies()}

    assert shown.endswith("(Admin)")
    assert "_token" in cookies


def test_browser_is_told_what_is_wrong_with_a_token(world: World) -> None:
    world.create("wrong")
    host = world.mwaa.create_web_login_token(Name="wrong")["WebServerHostname"]

    with new_page() as page:
        page.goto(f"http://{host}/aws_mwaa/aws-console-sso?login=true#nonsense")
        page.get_by_text("The login token is not valid").wait_for()
        said = page.locator("#state").inner_text()

    assert said.endswith("Run again: mwaactl env open")
