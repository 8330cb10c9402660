"""The Chromium of this machine, without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60


@contextmanager
def new_page() -> Iterator[Page]:
    """Open an empty page; skip the test where the machine has no Chromium."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses root, as which CI's containers run tests.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.set_default_timeout(SECONDS * 1000)
            expect.set_options(timeout=30_000)
            yield page
        finally:
            browser.close()
