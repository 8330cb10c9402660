"""When the state is due, on a clock of the test's own."""

from mwaactl.emulator.state.debounce import Debounce


def started() -> Debounce:
    debounce = Debounce(quiet=0.5, longest=1.0, share=0.05)
    debounce.wrote("a", 0.0, 0.0)
    return debounce


def test_nothing_is_due_without_a_change() -> None:
    assert not started().due("a", 100.0)


def test_a_change_is_due_once_it_has_been_quiet() -> None:
    debounce = started()

    assert not debounce.due("b", 10.0)
    assert not debounce.due("b", 10.4)
    assert debounce.due("b", 10.5)


def test_changes_without_a_pause_are_due_all_the_same() -> None:
    debounce = started()

    seen = [debounce.due(mark, 10.0 + mark / 4) for mark in range(5)]

    assert seen == [False, False, False, False, True]


def test_writing_takes_a_share_of_the_time() -> None:
    debounce = started()
    debounce.wrote("b", 10.0, 10.5)

    assert not debounce.due("c", 20.0)
    assert not debounce.due("c", 20.4)
    assert debounce.due("c", 20.5)


def test_failure_is_tried_again_after_a_pause() -> None:
    debounce = started()
    debounce.due("b", 10.0)
    debounce.failed(11.0, 5.0)

    assert not debounce.due("b", 15.9)
    assert debounce.due("b", 16.0)
