import re
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, pages, prose_of

LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
LINKS = [
    (page, match["target"])
    for page in pages()
    for match in LINK.finditer(prose_of(page))
    if "://" not in match["target"] and not match["target"].startswith("mailto:")
]


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of headings: lower case, blanks to hyphens, no punctuation."""
    titles = (match["title"] for match in HEADING.finditer(prose_of(page)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(("page", "target"), LINKS, ids=str)
def test_link_leads_somewhere(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    found = (ROOT / page.parent / path).resolve() if path else ROOT / page

    assert found.exists(), f"{page} links to {target}"
    assert found.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors(found.relative_to(ROOT)), f"{page} links to {target}"


def test_every_page_of_the_documentation_is_linked_from_another() -> None:
    linked = {(ROOT / page.parent / target.partition("#")[0]).resolve() for page, target in LINKS}
    ours = {ROOT / page for page in pages() if page.parts[0] == "docs"} - {ROOT / "docs" / "README.md"}

    assert ours <= linked
