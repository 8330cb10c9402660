"""Wildcards against a second implementation, which tries every possibility by recursion."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaactl.emulator.iam.arn_matching import arn_matches, resource_matches
from mwaactl.emulator.iam.templates import Filled, matches, parse_template, split_at_colons
from tests.fakes.examples import examples

PATTERNS = st.text(alphabet="ab:*?", max_size=12)
TEXTS = st.text(alphabet="ab:*\n", max_size=12)


def filled(pattern: str) -> Filled:
    found = parse_template(pattern, variables=True, wildcards=True).fill({})
    assert found is not None
    return found


@cache
def fits(pattern: str, text: str) -> bool:
    """The reference: `*` is nothing, or one character and `*` again."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return fits(pattern[1:], text) or (bool(text) and fits(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and fits(pattern[1:], text[1:])


@cache
def fits_by_segments(pattern: str, text: str) -> bool:
    """The reference for resources: colons are no wildcard's, but for a `*` that ends its segment."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        crosses = not rest or rest[0] == ":"
        taken = bool(text) and (crosses or text[0] != ":") and fits_by_segments(pattern, text[1:])
        return fits_by_segments(rest, text) or taken
    if head == "?":
        return bool(text) and text[0] != ":" and fits_by_segments(rest, text[1:])
    return bool(text) and head == text[0] and fits_by_segments(rest, text[1:])


@settings(max_examples=examples(150), deadline=None)
@given(PATTERNS, TEXTS)
def test_wildcards_match_as_the_reference_does(pattern: str, text: str) -> None:
    assert matches(filled(pattern), text) == fits(pattern, text)


@settings(max_examples=examples(200), deadline=None)
@given(PATTERNS, TEXTS)
def test_resources_match_as_the_reference_does(pattern: str, text: str) -> None:
    assert resource_matches(filled(pattern), text) == fits_by_segments(pattern, text)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.text("ab*?", max_size=4), min_size=6, max_size=8), st.text("ab:", max_size=14))
def test_arn_operators_match_component_by_component(components: list[str], text: str) -> None:
    head, tail = components[:5], ":".join(components[5:])
    parts = text.split(":", 5)
    expected = len(parts) == 6 and all(
        fits(each, part) for each, part in zip([*head, tail], parts, strict=True)
    )

    assert arn_matches(filled(":".join(components)), text) == expected


@settings(deadline=None)
@given(TEXTS)
def test_text_without_wildcards_matches_itself_only(text: str) -> None:
    literal = parse_template(text, variables=False, wildcards=False).fill({})
    assert literal is not None
    assert matches(literal, text)
    assert not matches(literal, f"{text}a")


@settings(deadline=None)
@given(st.text(alphabet="ab${}*?: ,'", max_size=15))
def test_template_keeps_its_text_and_never_fails(text: str) -> None:
    template = parse_template(text, variables=True, wildcards=True)
    assert template.text == text
    assert template.fill({"a": "x", "b": "y"}) is None or split_at_colons(template.fill({"a": "x"}) or ())


@pytest.mark.timeout(30)
@pytest.mark.parametrize("pattern", ["*a" * 30 + "b", "arn:aws:s3:::" + "*a" * 30 + "b"])
def test_many_stars_end(pattern: str) -> None:
    text = "arn:aws:s3:::" + "a" * 1000
    assert not matches(filled(pattern), text)
    assert not resource_matches(filled(pattern), text)
    assert matches(filled(pattern), f"{text}b")
