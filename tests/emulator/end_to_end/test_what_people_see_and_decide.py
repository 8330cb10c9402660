"""People and the reference pipelines, deployed: somebody looks at a failure, somebody approves a model.

They share the deployment of the other end-to-end tests.
"""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.emulator.end_to_end import expected_figures as expected
from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.pipeline_runs import begin, ended, events, land, rest, trigger, wait_until
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.fakes.browser import new_page

pytestmark = [pytest.mark.timeout(900), pytest.mark.whole]

MODEL = "delay_model"
FILE = "landing/quality_gate/weather.csv"
TOO_STRONG = "1048.36"


def test_the_page_shows_a_failed_check_until_mended_files_heal_it(deployed: ProjectCopy) -> None:
    rows = [row for row in expected.table("weather") if row["time_hour"].startswith("2013-01-01")]
    land(deployed, FILE, [{**rows[0], "wind_speed": TOO_STRONG}, *rows[1:3]])
    assert trigger(deployed, "weather_quality_gate") == 1

    with new_page() as page:
        view = catalogue(deployed, page)
        view.get_by_role("link", name="quality_gate.observations").click()
        banner = view.locator(".banner-failed")
        expect(banner.get_by_role("heading")).to_have_text("Publication refused")
        expect(banner).to_contain_text("1 of 3 rows break it")

        land(deployed, FILE, rows)
        assert trigger(deployed, "weather_quality_gate") == 0

        page.reload()
        view = page.frame_locator("iframe")
        expect(view.locator(".asset-head .pill")).to_have_text("Good")
        expect(view.locator(".banner-failed")).to_have_count(0)


def catalogue(project: ProjectCopy, page: Page) -> FrameLocator:
    """Sign in as the AWS console does, and open the page from Airflow's menu."""
    given = aws(project, "mwaa").create_web_login_token(Name="flights-local")
    site = f"http://{given['WebServerHostname']}"
    page.goto(f"{site}/aws_mwaa/aws-console-sso?login=true#{given['WebToken']}")
    page.wait_for_url(re.compile(rf"{re.escape(site)}/(\?.*)?$"))
    page.get_by_text("Catalogue", exact=True).first.click()
    page.wait_for_url("**/plugin/asset-catalogue**")
    return page.frame_locator("iframe")


# MWAA takes paths of 64 characters at most: with a longer name of the run nobody could answer through it.
@pytest.mark.parametrize(
    ("run_id", "answer", "state", "scored"),
    [
        ("r", "Reject", "failed", "upstream_failed"),
        ("a", "Approve", "success", "success"),
        ("s", "Reject", "failed", "upstream_failed"),
    ],
)
def test_a_model_scores_when_a_person_approves_and_only_then(
    pipeline_run: ProjectCopy, run_id: str, answer: str, state: str, scored: str
) -> None:
    before = scores_published(pipeline_run)
    begin(pipeline_run, MODEL, run_id)
    wait_until(lambda: task_states(pipeline_run, run_id).get("approve") in {"deferred", "awaiting_input"})
    assert task_states(pipeline_run, run_id)["scores.write"] is None

    decide(pipeline_run, run_id, answer)
    assert ended(pipeline_run, MODEL, run_id) == state

    states = task_states(pipeline_run, run_id)
    assert (states["evaluation.check"], states["approve"]) == ("success", state)
    assert (states["scores.write"], states["scores.check"]) == (scored, scored)
    assert scores_published(pipeline_run) - before == (answer == "Approve")


def decide(project: ProjectCopy, run_id: str, answer: str) -> None:
    """Answer Airflow's question, as its page "Required actions" does."""
    path = f"/dags/{MODEL}/dagRuns/{run_id}/taskInstances/approve/-1/hitlDetails"
    said = {"chosen_options": [answer], "params_input": {}}
    aws(project, "mwaa").invoke_rest_api(Name="flights-local", Path=path, Method="PATCH", Body=said)


def task_states(project: ProjectCopy, run_id: str) -> dict[str, str | None]:
    found = rest(project, f"/dags/{MODEL}/dagRuns/{run_id}/taskInstances")["task_instances"]
    return {each["task_id"]: each["state"] for each in found}


def scores_published(project: ProjectCopy) -> int:
    return sum(each["source_task_id"].startswith("scores.") for each in events(project, MODEL))
