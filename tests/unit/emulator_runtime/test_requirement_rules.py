import pytest

from mwaactl.emulator.runtime.requirement_rules import (
    constraint_lines,
    decode_requirements,
    names_constraints,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cowsay==6.1\n", False),
        ("--constraint constraints.txt\ncowsay\n", True),
        ("-c constraints.txt\n", True),
        ("# --constraint x\ncowsay\n", True),
        ("cowsay  # see -c below\n", True),
        ("--constraint=constraints.txt\n", False),
        ("", False),
    ],
)
def test_a_line_with_a_constraint_counts_even_in_a_comment(text: str, *, expected: bool) -> None:
    assert names_constraints(text) is expected


def test_pins_are_forced_on_a_file_without_constraints() -> None:
    assert constraint_lines("cowsay\n", ["celery==5.6.3"], ["attrs==26.1.0"]) == (
        "celery==5.6.3",
        "attrs==26.1.0",
    )


def test_essential_pins_hold_even_for_a_file_that_opts_out() -> None:
    assert constraint_lines("# -c mine\n", ["celery==5.6.3"], ["attrs==26.1.0"]) == ("celery==5.6.3",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_is_detected(encoding: str) -> None:
    assert decode_requirements("cowsay  # für\n".encode(encoding)) == "cowsay  # für\n"


def test_bytes_that_are_no_utf8_are_still_read() -> None:
    assert decode_requirements(b"cowsay  # f\xfcr\n") == "cowsay  # für\n"
