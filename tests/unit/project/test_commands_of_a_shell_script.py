import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.project.shell_commands import Command, assignment_of, shell_commands
from mwaactl.project.shell_words import Operator, ShellWords, Word

_SIGNS = st.sampled_from(
    [*"'\"`$\\#;&|()<>{}\n\t =", "<<", "<<-", "${", "$(", "$((", "<(", "EOF", "export", "a"]
)


def _only(script: str) -> Command:
    (command,) = shell_commands(script)
    return command


def _words(script: str) -> list[str]:
    return [word.text for word in _only(script).arguments]


@given(st.lists(st.one_of(_SIGNS, st.text(max_size=3)), max_size=40).map("".join))
def test_any_text_comes_to_an_end(text: str) -> None:
    lines = text.count("\n") + 1
    for command in shell_commands(text):
        assert 1 <= command.line <= lines


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=5))
def test_what_is_quoted_comes_back_as_it_was(arguments: list[str]) -> None:
    assert _words(shlex.join(["true", *arguments])) == arguments


@given(st.lists(st.from_regex(r"[a-z0-9_./=+-]+", fullmatch=True), min_size=1, max_size=5))
def test_words_of_plain_commands_are_those_of_python(arguments: list[str]) -> None:
    script = f"true {' '.join(arguments)} # and a comment"
    assert _words(script) == shlex.split(script, comments=True)[1:]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("true a\\ b 'c d'\"e f\"", ["a b", "c de f"]),
        ("true a\\\n b", ["a", "b"]),
        ("true $(echo 'x ) y' \"$(z)\") w", ["$(echo 'x ) y' \"$(z)\")", "w"]),
        ("true ${A:-\"}\"} `date +%s` $'x y' $", ['${A:-"}"}', "`date +%s`", "x y", "$"]),
        ("true a#b '#' # c", ["a#b", "#"]),
        ("true a 2>&1 >/dev/null <<<text b &>>log", ["a", "b"]),
        ("true <(sort x) b", ["(sort x)", "b"]),
        ("true \"\" ''", ["", ""]),
    ],
)
def test_quotes_substitutions_and_redirections_are_understood(script: str, words: list[str]) -> None:
    assert _words(script) == words


def test_commands_are_told_apart_and_keywords_are_none() -> None:
    script = "if a; then b && c || d | e & fi\nwhile ! f; do g; done\n{ h; }\nx() { i; }\n"
    names = [command.name for command in shell_commands(script)]
    assert [name for name in names if len(name) == 1] == list("abcdefghxi")


def test_bodies_of_here_documents_are_no_commands() -> None:
    script = "cat <<A <<-'B C' > x; two\nthree\nA\n\tfour\n\tB C\nfive\n"
    assert [(each.name, each.line) for each in shell_commands(script)] == [
        ("cat", 1),
        ("two", 1),
        ("five", 6),
    ]


def test_a_here_document_without_an_end_takes_the_rest() -> None:
    assert [each.name for each in shell_commands("cat <<A\nb\nc\n")] == ["cat"]


def test_parentheses_make_a_subshell_and_those_of_case_do_not() -> None:
    script = "(a; (b); c)\ncase $x in y) d ;; (z) e ;; esac\nf\n"
    inside = {each.name for each in shell_commands(script) if each.in_subshell}
    assert {"a", "b", "c"} <= inside
    assert not {"d", "e", "f"} & inside


@pytest.mark.parametrize(
    ("script", "assigned"),
    [
        ("case $x in\nA=*) b ;;\nC=1) D=2 ;;\nesac\n(E=3)\n", ["D", "E"]),
        ("case $x in A=*|b) C=1 ;; esac", ["C"]),
        (
            "case $x in\n  a |\n  B=2 | C=3) D=4 ;;&\n  (E=5|F=6) G=7 ;&\n  H=8|i) J=9\nesac\nK=0\n",
            list("DGJK"),
        ),
        ("if a; then case $x in A=1|b) C=1 ;; esac; D=2; fi", ["C", "D"]),
        ("case a in b) case c in D=1|e) F=2 ;; esac ;; G=3|h) I=4; esac; J=5", ["F", "I", "J"]),
        ("case a in b) case c in D=1|e) F=2 ;; esac esac; G=3", ["F", "G"]),
        ("case a in b) if c; then D=1; fi esac; E=2", ["D", "E"]),
        ("case a in (esac|B=1) C=2; esac; D=3", ["C", "D"]),
        ("case a in\n\nesac\nB=1", ["B"]),
        ("case in in in|A=1) B=2; esac", ["B"]),
        ("echo case x in; A=1; 'case' x in; B=2", ["A", "B"]),
        ("for case in in; do A=1; done; C=3", ["A", "C"]),
        ("(case a in B=1|c) (D=2);; esac); E=3", ["D", "E"]),
    ],
)
def test_a_pattern_of_case_is_no_command(script: str, assigned: list[str]) -> None:
    found = [each.name for command in shell_commands(script) for each in command.assignments]
    assert found == assigned


def test_assignments_stand_before_the_command() -> None:
    command = _only("A=1 B+='x y' C[2]=$z run D=2")
    assert [(each.name, each.value, each.is_literal) for each in command.assignments] == [
        ("A", "1", True),
        ("B", "x y", True),
        ("C", "$z", False),
    ]
    assert (command.name, [word.text for word in command.arguments]) == ("run", ["D=2"])


def test_a_word_that_names_no_variable_assigns_nothing() -> None:
    assert assignment_of(Word("1a=b", 1)) is None
    assert assignment_of(Word("a", 7)) is not None


def test_operators_are_given_as_they_stand() -> None:
    tokens = [token.text for token in ShellWords("a;b&&c||d|e&\n") if isinstance(token, Operator)]
    assert tokens == [";", "&&", "||", "|", "&", "\n"]
