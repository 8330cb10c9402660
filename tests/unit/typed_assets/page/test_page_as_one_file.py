"""The static catalogue in Chromium, opened from the disk: no server, nobody asked, the same page."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from mwaactl.cli.asset_catalogue import page_files
from mwaactl.report.page_document import page_document
from tests.fakes.asset_answers import NOW, asset_answer, company, event_answer, instance_answer


def data() -> dict[str, Any]:
    made = company()
    return {
        "environment": "prod",
        "written_at": NOW.isoformat(),
        "assets": [asset_answer(made, *each, "3.3.1") for each in made.assets],
        "asset_events": [
            event_answer(made, each, "3.3.1") for each in reversed(made.attempts) if not each.failed
        ],
        "truncated": False,
        "task_instances": [
            {**instance_answer(each), "partition_key": each.record.partition if each.record else None}
            for each in made.attempts
            if each.failed
        ],
        "paused": ["planes"],
    }


def test_it_shows_the_same_and_asks_nobody(chromium: Page, tmp_path: Path) -> None:
    file = tmp_path / "assets.html"
    file.write_text(page_document(dict(page_files()), data()), encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    chromium.on("request", lambda request: asked.append(request.url))
    chromium.on("console", lambda message: said.append(message.text))
    chromium.goto(file.as_uri())
    expect(chromium.locator(".asset-row")).to_have_count(11)
    assert chromium.inner_text(".as-of") == "prod, as of 2026-03-14 09:30 UTC"
    assert chromium.get_by_role("button", name="Refresh").count() == 0
    chromium.get_by_role("link", name="lake.flights").click()
    expect(chromium.locator(".banner-failed h2")).to_have_text("The last run failed for 2026-03-13")
    assert chromium.locator("a.out").count() == 0
    chromium.get_by_role("link", name="Partitions").click()
    expect(chromium.locator(".share-text")).to_have_text("96.2 % 128 of 133 partitions published")
    chromium.get_by_role("navigation", name="Pages").get_by_role("link", name="Lineage").click()
    expect(chromium.locator(".node")).to_have_count(13)
    assert {url.split("#")[0] for url in asked if not url.startswith("data:")} == {file.as_uri()}
    assert said == []


def test_a_failure_of_which_the_partition_is_not_known_is_told(chromium: Page, tmp_path: Path) -> None:
    values = data()
    for each in values["task_instances"]:
        del each["partition_key"]
    file = tmp_path / "assets.html"
    file.write_text(page_document(dict(page_files()), values), encoding="utf-8")
    chromium.goto(file.as_uri())
    expect(chromium.locator(".limits")).to_have_text(
        "1 failure could not be matched with publications of its partition:"
        " any later publication counts as having put it right."
    )


def test_nothing_in_the_data_can_leave_its_element(chromium: Page, tmp_path: Path) -> None:
    hostile = "</script><script>document.title = 'taken'</script><!--"
    values = {**data(), "environment": hostile}
    file = tmp_path / "assets.html"
    file.write_text(page_document(dict(page_files()), json.loads(json.dumps(values))), encoding="utf-8")
    chromium.goto(file.as_uri())
    expect(chromium.locator(".as-of")).to_have_text(f"{hostile}, as of 2026-03-14 09:30 UTC")
    assert chromium.title() == "Catalogue | Asset catalogue"
