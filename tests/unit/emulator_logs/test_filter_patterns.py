"""Which lines a filter pattern counts, by the rules of CloudWatch Logs for lines without a structure."""

import pytest

from mwaactl.emulator.log_metrics.patterns import UnknownPatternError, read_pattern


@pytest.mark.parametrize(
    ("pattern", "line", "counts"),
    [
        ("", "anything", True),
        ("ERROR", "[ERROR] no", True),
        ("ERROR", "error: no", False),
        ("ERROR pip", "pip: ERROR", True),
        ("ERROR pip", "ERROR", False),
        ('"pip failed"', "the pip failed here", True),
        ('"pip failed"', "pip has failed", False),
        ('"say \\"no\\""', 'they say "no"', True),
        ("?ERROR ?WARN", "WARN: low", True),
        ("?ERROR ?WARN", "INFO: low", False),
        ("ERROR -retry", "ERROR, will retry", False),
        ("ERROR -retry", "ERROR, gave up", True),
        ('?"a b" ?"c d"', "x c d y", True),
        ("ERROR ?optional", "ERROR alone", True),
    ],
)
def test_pattern_counts_a_line(pattern: str, line: str, *, counts: bool) -> None:
    assert read_pattern(pattern).matches(line) is counts


@pytest.mark.parametrize(
    "pattern", ["{ $.level = 1 }", "[ip, user]", "%AUTH.*%", '"open', "a{2}", "ERROR %x%"]
)
def test_pattern_that_is_not_modelled_is_named(pattern: str) -> None:
    with pytest.raises(UnknownPatternError) as caught:
        read_pattern(pattern)
    assert str(caught.value) == pattern
