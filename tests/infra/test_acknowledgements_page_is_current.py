"""docs/reference/acknowledgements.md says what the templates' metadata say."""

import os
from pathlib import Path

import pytest

from tests.infra.acknowledgements_page import entries, page
from tests.infra.configurations import CONFIGURATIONS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "acknowledgements.md"


def test_page_lists_what_is_acknowledged(request: pytest.FixtureRequest) -> None:
    acknowledged = {name: request.getfixturevalue(name).acknowledgements for name in CONFIGURATIONS}
    wanted = page(acknowledged)
    if os.environ.get("MWAACTL_WRITE_PAGES"):
        PAGE.write_text(wanted, encoding="utf-8")

    assert len(entries(acknowledged)) > 50
    assert PAGE.read_text(encoding="utf-8") == wanted, "run `make docs`"
