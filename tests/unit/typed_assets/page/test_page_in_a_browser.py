"""The page in Chromium: what stands on it, how one moves in it, and what it says when things are missing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.airflow_of_assets import TOKEN, AirflowOfAssets
from tests.fakes.asset_answers import NOW, Attempt, Company, Version, company, many
from tests.unit.typed_assets.page.conftest import Opened, opened
from typed_assets.spec.assets import Watcher
from typed_assets.spec.publication import Record


def go(page: Page, address: str, route: str = "") -> None:
    """Open a part of the page anew and wait until it has read everything."""
    page.goto("about:blank")
    page.goto(address + route)
    page.wait_for_selector("html[data-busy=false]", state="attached")


def rows(page: Page) -> list[str]:
    names: list[str] = page.locator(".asset-link").evaluate_all(
        "links => links.map(link => link.firstChild.textContent)"
    )
    return names


@pytest.mark.parametrize("version", ["3.0.6", "3.2.1", "3.3.1"])
def test_the_catalogue_says_the_same_on_every_version(chromium: Page, version: Version) -> None:
    with opened(chromium, AirflowOfAssets(company(), version), cookie=version != "3.0.6") as address:
        if version == "3.0.6":  # its own page keeps the token in the browser
            chromium.goto(address + "icon-light.svg")
            chromium.evaluate(f"localStorage.setItem('token', '{TOKEN}')")
        go(chromium, address)
        states = chromium.locator(".state-button").all_inner_texts()
        assert [text.split("\n") for text in states] == [
            ["11", "All"],
            ["2", "Failed"],
            ["2", "Late"],
            ["6", "Good"],
            ["1", "Never published"],
        ]
        row = chromium.locator(".asset-row", has_text="lake.flights")
        expect(row.locator(".description")).to_have_text("Refused: origin.allowed, rows")
        cells = row.locator("td:not(.c0):not(.c1)").all_inner_texts()
        assert cells == ["Late by 3 h 30 min", "902", "29 h ago", "team-flights"]
        go(chromium, address, "#/asset/lake.flights/partitions")
        assert "96.2 % 128 of 133 partitions published" in chromium.inner_text("#main")


def test_search_and_filters_leave_what_fits_and_stand_in_the_address(flights: Opened) -> None:
    page, address = flights
    go(page, address)
    page.get_by_label("Search assets").fill("mean_delay MART")
    assert rows(page) == ["mart.delays"]
    page.get_by_label("Search assets").fill("")
    page.locator(".field", has_text="Owner").first.locator("select").select_option("team-ml")
    page.locator(".state-failed").click()
    assert rows(page) == ["mart.scores"]
    assert page.url.endswith("#/?owner=team-ml&state=failed")
    go(page, address, "#/?owner=team-ml&state=failed")
    assert rows(page) == ["mart.scores"]
    page.get_by_label("Search assets").fill("nothing like that")
    page.get_by_role("button", name="Clear search and filters").click()
    assert len(rows(page)) == 11


def test_a_refused_publication_says_which_checks_and_leads_to_the_task(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/asset/lake.flights")
    banner = page.locator(".banner-failed")
    assert banner.inner_text().split("\n")[0] == "Publication refused for 2026-03-13"
    assert "17 of 429 rows break it · expected one of EWR, JFK, LGA" in banner.inner_text()
    href = banner.get_by_role("link").get_attribute("href") or ""
    run = "scheduled__2026-03-14T04%3A00%3A00%2B00%3A00"
    assert href.endswith(f"/dags/flights_elt/runs/{run}/tasks/lake__flights.check")


def test_every_tab_of_an_asset_can_be_linked_to(flights: Opened) -> None:
    page, address = flights
    for tab, words in {
        "partitions": "mwaactl asset backfill lake.flights --partitions '2025-12-11..2026-03-13'",
        "checks": "2 of 12 checks did not pass last time.",
        "contract": "one of EWR, JFK, at most 3 bytes",
        "lineage": "In the whole graph",
        "history": "Refused by a check",
    }.items():
        go(page, address, f"#/asset/lake.flights/{tab}")
        assert words in page.inner_text("#main")
        assert page.locator(".tabs [aria-current=page]").inner_text().lower() == tab


def test_partitions_are_walked_with_the_arrow_keys(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/asset/lake.flights/partitions")
    page.locator(".grid-scroll").focus()
    said = []
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        said.append(page.inner_text(".grid-said"))
    assert said == ["2026-03-14: still open", "2026-03-13: failed", "2026-02-13: published"]


def test_the_graph_is_walked_with_the_keyboard_and_opens_an_asset(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/lineage")
    page.get_by_role("link", name="mart.delays, Late").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    lit = page.locator(".node.lit").evaluate_all("nodes => nodes.map(node => node.ariaLabel).sort()")
    assert len(lit) == 11
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("mart.delays")


def tab_stops(page: Page) -> list[str]:
    names: list[str] = page.locator(".node[tabindex='0']").evaluate_all(
        "nodes => nodes.map(node => node.ariaLabel)"
    )
    return names


def test_tab_stops_at_one_asset_of_a_graph_and_comes_back_to_it(chromium: Page) -> None:
    with opened(chromium, AirflowOfAssets(many(500))) as address:
        go(chromium, address, "#/lineage")
        expect(chromium.locator(".node")).to_have_count(500)
        [first] = tab_stops(chromium)
        chromium.locator(f".node[aria-label='{first}']").focus()
        for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
            chromium.keyboard.press(key)
        [there] = tab_stops(chromium)
        focused = "document.activeElement.ariaLabel"
        assert chromium.evaluate(focused) == there != first
        assert there.startswith("layer1.asset_")
        chromium.keyboard.press("Tab")
        assert chromium.evaluate(focused) == "Zoom in (+)"
        chromium.keyboard.press("Shift+Tab")
        assert chromium.evaluate(focused) == there
        chromium.keyboard.press("Home")
        assert chromium.evaluate(focused) == first
        expect(chromium.locator(".node.chosen")).to_have_attribute("aria-label", first)


def test_the_graph_moves_zooms_and_fits(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/lineage")
    scene = page.locator(".graph > g")
    fitted = scene.get_attribute("transform")
    page.get_by_role("button", name="Zoom in (+)").click()
    assert scene.get_attribute("transform") != fitted
    page.mouse.move(300, 600)
    page.mouse.down()
    page.mouse.move(360, 640, steps=4)
    page.mouse.up()
    page.mouse.wheel(0, 400)
    page.get_by_role("button", name="Fit all (0)").click()
    assert scene.get_attribute("transform") == fitted


def test_lineage_of_one_shows_only_what_is_up_or_down(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/lineage?focus=mart.delays&direction=up&depth=1")
    names = page.locator(".node").evaluate_all(
        "nodes => nodes.map(node => node.ariaLabel.split(',')[0]).sort()"
    )
    assert names == ["lake.flights", "lake.weather_daily", "mart.carriers", "mart.delays"]


def test_airflow_shows_the_page_in_a_frame_and_both_share_an_address(flights: Opened) -> None:
    page, address = flights
    page.goto(address.replace("/asset-catalogue/", "/plugin/asset-catalogue#/asset/mart.delays"))
    view = page.frame_locator("#view")
    expect(view.get_by_role("heading", level=1)).to_have_text("mart.delays")
    view.get_by_role("link", name="Catalogue").first.click()
    expect(view.get_by_role("heading", level=1)).to_have_text("Catalogue")
    assert page.url.endswith("/plugin/asset-catalogue#/")
    view.get_by_role("link", name="mart.delays").click()
    view.get_by_role("link", name="flights_marts").first.click()
    page.wait_for_url("**/dags/flights_marts")  # the window itself, which a sandboxed frame may not navigate


def test_the_page_follows_airflows_theme(flights: Opened) -> None:
    page, address = flights
    go(page, address)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate("localStorage.setItem('theme', 'light')")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.evaluate("localStorage.removeItem('theme')")
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(
    ("forbidden", "heading", "right"),
    [
        ("^assets$", "You may not read assets", "can read on Assets and on Asset Aliases"),
        ("taskInstances$", "Catalogue", "can read on Task Instances"),
        ("^assets/events", "Catalogue", "can read on Assets"),
        ("xcomEntries", "Catalogue", "can read on XComs"),
        ("dagRuns$", "Catalogue", "can read on DAG Runs"),
    ],
)
def test_a_right_that_is_missing_is_named(chromium: Page, forbidden: str, heading: str, right: str) -> None:
    with opened(chromium, AirflowOfAssets(company(), forbidden=(forbidden,))) as address:
        go(chromium, address)
        assert chromium.get_by_role("heading", level=1).inner_text() == heading
        assert chromium.locator(":is(.note, .empty-page) code").all_inner_texts() == [right]


def test_a_part_that_airflow_cannot_answer_is_left_out_and_nothing_untrue_stands_in_its_place(
    chromium: Page,
) -> None:
    airflow = AirflowOfAssets(company(), "3.0.6", broken=("^assets/events",))
    with opened(chromium, airflow) as address:
        go(chromium, address)
        note = "Airflow answers 500: Internal Server Error, so publications are not shown."
        assert chromium.locator(".note").all_inner_texts() == [note]
        states = chromium.locator(".state-button").all_inner_texts()
        assert [text.split("\n") for text in states] == [["11", "All"], ["2", "Failed"], ["9", "Not known"]]
        go(chromium, address, "#/asset/lake.planes")
        assert chromium.locator(".fact dd").first.inner_text() == "Not known"
        go(chromium, address, "#/asset/lake.weather_hourly/partitions")
        assert "nobody knows which partitions there are" in chromium.inner_text(".tab")


def test_what_was_read_stays_in_sight_when_airflow_fails_later(chromium: Page) -> None:
    airflow = AirflowOfAssets(company())
    with opened(chromium, airflow) as address:
        go(chromium, address, "#/asset/mart.delays")
        airflow.broken = (".",)
        chromium.get_by_role("button", name="Refresh").click()
        expect(chromium.get_by_role("alert")).to_contain_text(
            "Airflow answers 500: Internal Server Error. What stands here is as of 2026-03-14 09:30 UTC."
        )
        assert chromium.get_by_role("heading", level=1).inner_text() == "mart.delays"
        airflow.broken = ()
        chromium.get_by_role("button", name="Try again").click()
        expect(chromium.get_by_role("alert")).to_be_hidden()


def test_an_earlier_partition_that_failed_is_not_hidden_by_later_ones(chromium: Page) -> None:
    made = company()
    weather = next(asset for asset, _ in made.assets if asset.name == "lake.weather_daily")
    late = NOW - timedelta(minutes=30)
    for minutes, day, failed in ((0, "2026-03-10", True), (1, "2026-03-11", True), (2, "2026-03-11", False)):
        at = late + timedelta(minutes=minutes)
        record = Record(
            asset=weather.name, published=not failed, at=at.isoformat(), dag_id="weather_rollup", run_id="r",
            task_id="t", partition=day,
        )  # fmt: skip
        made.attempts.append(Attempt(weather, "weather_rollup", at, record, "failed" if failed else ""))
    with opened(chromium, AirflowOfAssets(made)) as address:
        go(chromium, address)
        row = chromium.locator(".asset-row", has_text="lake.weather_daily")
        assert "row-failed" in (row.get_attribute("class") or "")
        go(chromium, address, "#/asset/lake.weather_daily")
        assert "for 2026-03-10" in chromium.locator(".banner-failed h2").inner_text()


def test_a_partition_that_failed_long_ago_counts_however_many_failed_since(chromium: Page) -> None:
    made = company()
    made.attempts.clear()
    weather = next(asset for asset, _ in made.assets if asset.name == "lake.weather_hourly")
    for number in range(90):
        at = NOW - timedelta(hours=120 - number)
        for minutes, failed in ((0, True), (20, False)):
            record = Record(
                asset=weather.name, published=not failed, at=at.isoformat(), dag_id="weather", run_id="r",
                task_id="t", partition=f"{at:%Y-%m-%dT%H}",
            )  # fmt: skip
            if failed or number > 0:
                made.attempts.append(
                    Attempt(
                        weather,
                        "weather",
                        at + timedelta(minutes=minutes),
                        record,
                        "failed" if failed else "",
                    )
                )
    airflow = AirflowOfAssets(made)
    with opened(chromium, airflow) as address:
        go(chromium, address)
        row = chromium.locator(".asset-row", has_text="lake.weather_hourly")
        assert "row-failed" in (row.get_attribute("class") or "")
        assert chromium.locator(".limits").count() == 0
        go(chromium, address, "#/asset/lake.weather_hourly")
        assert "for 2026-03-09T09" in chromium.locator(".banner-failed h2").inner_text()
    assert len(airflow.asked) < 60


def test_how_far_back_failures_are_looked_through_is_said(chromium: Page) -> None:
    made = company()
    scores = next(asset for asset, _ in made.assets if asset.name == "mart.scores")
    since = [NOW - timedelta(days=9, minutes=number) for number in range(250)]
    made.attempts[:0] = [Attempt(scores, "ml_scoring", at, None, "failed") for at in reversed(since)]
    with opened(chromium, AirflowOfAssets(made)) as address:
        go(chromium, address)
        said = chromium.inner_text(".limits")
        go(chromium, address, "#/asset/mart.scores")
        assert chromium.locator(".limits").count() == 0
    assert said == "Of 252 failed tasks those since 2026-03-05 06:13 UTC are looked through."


def test_what_runs_now_is_marked_and_leads_to_the_run(chromium: Page) -> None:
    made = company()
    made.running = {"weather_rollup": "2026-03-14"}
    with opened(chromium, AirflowOfAssets(made)) as address:
        go(chromium, address)
        row = chromium.locator(".asset-row", has_text="lake.weather_daily")
        assert row.locator(".pill").all_inner_texts() == ["Running"]
        go(chromium, address, "#/asset/lake.weather_daily")
        link = chromium.locator(".facts .running a")
        assert link.inner_text() == "A run is going on"
        assert (link.get_attribute("href") or "").endswith("/dags/weather_rollup/runs/manual__now")
        assert "Running 1" in chromium.inner_text(".legend")


def test_an_asset_says_when_its_dag_runs(flights: Opened) -> None:
    page, address = flights
    said = []
    for name in ("lake.flights", "mart.delays", "lake.planes"):
        go(page, address, f"#/asset/{name}")
        said.append(page.locator(".fact", has_text="Made by").locator("small").all_inner_texts())
    assert said == [["0 4 * * *, next in 18 h"], ["started by assets"], ["DAG paused"]]


def test_a_partition_says_what_became_of_it(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/asset/lake.flights/partitions")
    page.locator(".grid-scroll").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    about = page.locator(".grid-about")
    assert about.locator(".attempt-head strong").all_inner_texts() == ["Refused by a check"]
    assert "17 of 429 rows break it" in about.inner_text()
    page.keyboard.press("ArrowLeft")
    assert about.locator(".attempt-head strong").all_inner_texts() == ["Published"]


def test_upstream_that_is_newer_is_said_to_be(flights: Opened) -> None:
    page, address = flights
    go(page, address, "#/asset/mart.delays")
    beside = page.locator(".neighbours li", has=page.locator(".newer")).all_inner_texts()
    assert [text.split() for text in beside] == [
        ["lake.weather_daily", "every", "partition", "7", "h", "ago,", "newer", "than", "this"],
        ["mart.carriers", "3", "h", "ago,", "newer", "than", "this"],
    ]


def test_a_watched_asset_names_its_watchers(chromium: Page) -> None:
    made = company()
    planes, _ = made.assets[-1]
    object.__setattr__(planes, "watchers", (Watcher("fleet_files", "providers.sqs.SqsTrigger"),))
    with opened(chromium, AirflowOfAssets(made)) as address:
        go(chromium, address, "#/asset/lake.planes")
        assert chromium.locator(".watcher").all_inner_texts() == ["fleet_files SqsTrigger"]
        go(chromium, address, "#/?q=fleet_files")
        assert rows(chromium) == ["lake.planes"]


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_window_however_long_names_are(chromium: Page, width: int) -> None:
    made = company()
    name = "lake." + "_".join(["long"] * 38)
    asset = replace(made.assets[0][0], name=name, description="x" * 300, owners=("o" * 80,), group="g" * 90)
    made.assets.append((asset, "d" * 120))
    chromium.set_viewport_size({"width": width, "height": 844})
    with opened(chromium, AirflowOfAssets(made)) as address:
        places = ("#/", f"#/lineage?focus={name}", *(f"#/asset/{name}/{tab}" for tab in ("", "contract")))
        wide = {}
        for place in places:
            go(chromium, address, place)
            wide[place] = chromium.evaluate("document.documentElement.scrollWidth")
    chromium.set_viewport_size({"width": 1280, "height": 720})
    assert wide == dict.fromkeys(places, width)


def test_the_tab_that_is_open_is_in_sight_on_a_phone(flights: Opened) -> None:
    page, address = flights
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, address, "#/asset/lake.flights/history")
    box = page.locator(".tabs [aria-current=page]").bounding_box()
    page.set_viewport_size({"width": 1280, "height": 720})
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def test_who_is_not_signed_in_is_told_and_may_try_again(chromium: Page) -> None:
    airflow = AirflowOfAssets(company(), signed_in=False)
    with opened(chromium, airflow) as address:
        go(chromium, address)
        expect(chromium.get_by_role("heading", level=1)).to_have_text("You are not signed in to Airflow")
        airflow.signed_in = True
        chromium.get_by_role("button", name="Try again").click()
        expect(chromium.get_by_role("heading", level=1)).to_have_text("Catalogue")


def test_an_airflow_without_assets_says_what_will_appear(chromium: Page) -> None:
    with opened(chromium, AirflowOfAssets(Company())) as address:
        go(chromium, address)
        assert "No assets yet" in chromium.inner_text("#main")
        go(chromium, address, "#/lineage")
        assert "There are no assets yet." in chromium.inner_text("#main")
        go(chromium, address, "#/asset/mart.lost")
        assert "There is no asset mart.lost" in chromium.inner_text("#main")


def test_five_hundred_assets_are_shown_with_few_questions(chromium: Page) -> None:
    airflow = AirflowOfAssets(many(500))
    with opened(chromium, airflow) as address:
        go(chromium, address)
        expect(chromium.locator(".asset-row")).to_have_count(500)
        script = "rows => rows.filter(row => row.querySelector('.block-published')).length"
        assert chromium.locator(".asset-row").evaluate_all(script) == 470
        asked = len(airflow.asked)
        go(chromium, address, "#/lineage")
        expect(chromium.locator(".node")).to_have_count(500)
    assert asked < 20


def test_nothing_that_airflow_tells_is_read_as_html(chromium: Page) -> None:
    made = company()
    hostile = "<img src=x onerror=alert(1)>"
    asset, dag = made.assets[0]
    object.__setattr__(asset, "description", hostile)
    with opened(chromium, AirflowOfAssets(made)) as address:
        go(chromium, address, "#/asset/lake.flights")
        assert hostile in chromium.inner_text("#main")
        assert chromium.locator("#main img").count() == 0
    assert dag == "flights_elt"


def test_the_page_asks_nobody_but_this_airflow(flights: Opened) -> None:
    page, address = flights
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    go(page, address, "#/asset/lake.flights")
    origin = address.split("/asset-catalogue/")[0]
    assert {url[: len(origin)] for url in asked if url != "about:blank"} == {origin}
    assert NOW.strftime("as of %Y-%m-%d %H:%M UTC") == page.inner_text(".as-of")
