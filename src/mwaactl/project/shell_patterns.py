"""Leaves out the patterns of `case`: `A=*|B=*)` looks like assignments, and is none."""

from collections.abc import Iterable, Iterator, Sequence

from mwaactl.project.shell_words import Operator, Word

# Words after which a command begins, and words after which another of these words may stand.
OPENING = frozenset(
    {"if", "then", "else", "elif", "while", "until", "do", "!", "time", "{", "}", "function", "coproc"}
)
_CLOSING = frozenset({"fi", "done", "esac"})
_NEXT_PATTERN = frozenset({";;", ";&", ";;&"})
_CASE_LENGTH = 3


def without_patterns(tokens: Iterable[Word | Operator]) -> Iterator[Word | Operator]:
    """Gives the words and operators of a script without patterns and the parentheses around them.

    Args:
        tokens: All that stands in the script. Where a `case` has no end, the rest of it may be left out.
    """
    rest = iter(tokens)
    command: list[Word] = []
    cases = 0
    for token in rest:
        yield token
        if isinstance(token, Word):
            command.append(token)
            begins = _opens_case(command)
            cases += begins - (cases > 0 and _closes_case(command))
        else:
            command.clear()
            begins = cases > 0 and token.text in _NEXT_PATTERN
        if begins:
            command.clear()
            if end := _after_pattern(rest):
                cases -= 1
                command.append(end)
            yield Operator(";")
            if end:
                yield end


def _after_pattern(rest: Iterator[Word | Operator]) -> Word | None:
    """Takes one pattern; returns the `esac` that stands in its place where the `case` ends."""
    is_first = True
    for token in rest:
        match token:
            case Operator(")"):
                return None
            case Word("esac", is_quoted=False) if is_first:
                return token
            case Word() | Operator("("):
                is_first = False
            case Operator():
                pass
    return None


def _opens_case(command: Sequence[Word]) -> bool:
    """Whether these words are `case … in`, with or without keywords before them."""
    first = len(command) - _CASE_LENGTH
    return (
        first >= 0
        and _is(command[first], "case")
        and _is(command[-1], "in")
        and all(_is(each, *OPENING) for each in command[:first])
    )


def _closes_case(command: Sequence[Word]) -> bool:
    *before, last = command
    return _is(last, "esac") and all(_is(each, *OPENING, *_CLOSING) for each in before)


def _is(word: Word, *texts: str) -> bool:
    return not word.is_quoted and word.text in texts
