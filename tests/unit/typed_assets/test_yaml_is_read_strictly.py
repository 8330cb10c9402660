# ruff: noqa: E501 - sentences are compared whole
"""YAML 1.2 with nothing executed, and every surprise refused with its line."""

import pytest

from typed_assets.spec.errors import SpecError
from typed_assets.yaml.documents import read_document

MANY = "*a, *a, *a, *a, *a, *a, *a, *a, *a, *a"
BOMB = "\n".join(
    [
        "a: &a [x]",
        *(
            f"{name}: &{name} [{MANY.replace('a', before)}]"
            for before, name in zip("abcdef", "bcdefg", strict=True)
        ),
    ]
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: no", {"on": "no"}),
        (
            "x: [1, -2, 0x1F, 0o17, 1.5, 1e3, true, null, ~]",
            {"x": [1, -2, 31, 15, 1.5, 1000.0, True, None, None]},
        ),
        ("x: [1:30, 2024-01-31, 1_000, 'a', \"012\"]", {"x": ["1:30", "2024-01-31", "1_000", "a", "012"]}),
        ("b: &b {c: 1, d: 2}\ne: {<<: *b, d: 3}", {"b": {"c": 1, "d": 2}, "e": {"c": 1, "d": 3}}),
        ("x: !!str 12", {"x": "12"}),
        ("n: norway", {"n": "norway"}),
        ("", None),
    ],
)
def test_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    assert read_document(text, "a.yaml").value == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a: 1\nb: 012",
            (
                'a.yaml:2: `012` is one number in YAML 1.1 and another in YAML 1.2 (write `"012"` for text or `12` '
                "for the number)"
            ),
        ),
        ("a: 1\na: 2", "a.yaml:2: the key `a` stands here twice (YAML would keep the last one only)"),
        (
            "a: !!python/object/apply:os.system [ls]",
            (
                "a.yaml:1: the tag `!!python/object/apply:os.system` is not allowed "
                "(write plain values: nothing in a pipeline's file is executed)"
            ),
        ),
        (
            "a: !<plain> 1",
            (
                "a.yaml:1: the tag `plain` is not allowed "
                "(write plain values: nothing in a pipeline's file is executed)"
            ),
        ),
        ("!<plain> a: 1", "a.yaml:1: a key must be text"),
        ("a: 1\nb: [1,", "a.yaml:3: this is not YAML: did not find expected node content"),
        (
            "a: 1\n---\nb: 2",
            (
                "a.yaml:2: this is not YAML: but found another document "
                "(a second document begins with `---`; write one file for each)"
            ),
        ),
        ("1: x", 'a.yaml:1: the key `1` is not text (write `"1"`)'),
        ("a: .inf", 'a.yaml:1: `.inf` is not a number that JSON knows (write `".inf"` if it is text)'),
        ("a: 1e999", 'a.yaml:1: `1e999` is not a number that JSON knows (write `"1e999"` if it is text)'),
        ("a: &a [*a]", "a.yaml:1: aliases or nesting make this more than 200,000 values or 50 levels"),
        (BOMB, "a.yaml:1: aliases or nesting make this more than 200,000 values or 50 levels"),
        (
            "x: " + "[" * 60 + "]" * 60,
            "a.yaml:1: aliases or nesting make this more than 200,000 values or 50 levels",
        ),
        ("a: {<<: 1}", "a.yaml:1: `<<` takes a mapping, or a list of mappings"),
        ("x" * 1_000_001, "a.yaml: the file has 1,000,001 bytes; at most 1,000,000 are read (divide it)"),
    ],
)
def test_what_would_surprise_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_document(text, "a.yaml")
    assert caught.value.sentence == sentence


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(SpecError, match=r"a\.yaml: this is not YAML: invalid|a\.yaml: this is not YAML: "):
        read_document(b"a: \xe9\xe9 b", "a.yaml")


def test_a_file_so_deep_that_libyaml_would_end_the_process_is_refused() -> None:
    with pytest.raises(SpecError, match="more than 50 levels"):
        read_document("[" * 100_000, "a.yaml")


def test_every_place_has_its_line_also_where_it_was_merged() -> None:
    document = read_document("a: &a\n  b: 1\nc:\n  <<: *a\n  d:\n    - e\n    - f: g\n", "a.yaml")
    assert str(document.place(("c", "d", 1, "f"))) == "a.yaml:7 `c.d[1].f`"
    assert str(document.place(("c", "b"))) == "a.yaml:2 `c.b`"
    assert str(document.place(("c", "missing"))) == "a.yaml:3 `c.missing`"
    assert str(document.place(("c",), word="g")) == "a.yaml:7 `c`"
