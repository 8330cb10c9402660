"""The pictures of the guide show the page as it is: with `MWAACTL_WRITE_PAGES=1` they are taken anew."""

import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.fakes.airflow_of_assets import AirflowOfAssets
from tests.fakes.asset_answers import company
from tests.unit.typed_assets.page.conftest import opened

DOCS = Path(__file__).parents[4] / "docs"
IMAGES = DOCS / "guides" / "images"
GUIDE = DOCS / "guides" / "assets-page.md"
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Shot:
    """A picture: what is opened, in which theme, and how large."""

    route: str
    theme: str
    width: int
    height: int


SHOTS = {
    "assets-catalogue-light.png": Shot("#/", "light", 1280, 820),
    "assets-catalogue-dark.png": Shot("#/?by=state", "dark", 1280, 820),
    "assets-asset-light.png": Shot("#/asset/lake.flights", "light", 1280, 1270),
    "assets-asset-dark.png": Shot("#/asset/mart.delays", "dark", 1280, 1180),
    "assets-partitions-light.png": Shot("#/asset/lake.weather_hourly/partitions", "light", 1280, 960),
    "assets-contract-dark.png": Shot("#/asset/lake.flights/contract", "dark", 1280, 1320),
    "assets-lineage-light.png": Shot("#/lineage?focus=mart.delays", "light", 1280, 760),
    "assets-phone-light.png": Shot("#/", "light", 390, 844),
    "assets-phone-dark.png": Shot("#/asset/lake.flights", "dark", 390, 844),
}


def taken(page: Page, address: str, shot: Shot) -> bytes:
    """Return the picture of a part of the page."""
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.emulate_media(color_scheme="dark" if shot.theme == "dark" else "light")
    page.goto("about:blank")
    page.goto(address + shot.route)
    page.wait_for_selector("html[data-busy=false]", state="attached")
    page.wait_for_timeout(300)  # charts are drawn once their width is known
    picture = page.screenshot()
    page.emulate_media(color_scheme="light")
    return picture


def test_pictures_are_taken_where_that_is_asked_for(chromium: Page) -> None:
    if not os.environ.get("MWAACTL_WRITE_PAGES"):
        pytest.skip("MWAACTL_WRITE_PAGES is not set")
    with opened(chromium, AirflowOfAssets(company())) as address:
        for name, shot in SHOTS.items():
            (IMAGES / name).write_bytes(taken(chromium, address, shot))


@pytest.mark.parametrize("name", SHOTS)
def test_each_picture_is_there_and_small(name: str) -> None:
    content = (IMAGES / name).read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (SHOTS[name].width, SHOTS[name].height)
    assert len(content) < MOST_BYTES


def test_the_guide_shows_every_picture_with_words_for_it_and_no_other() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    shown = dict(re.findall(r"!\[([^\]]+)\]\(images/([\w.-]+)\)", text))
    assert sorted(shown.values()) == sorted(SHOTS)
    assert sorted(path.name for path in IMAGES.glob("assets-*.png")) == sorted(SHOTS)
