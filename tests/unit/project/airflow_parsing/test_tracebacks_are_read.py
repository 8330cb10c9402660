import pytest

from mwaactl.project.airflow_parsing.traces import (
    Place,
    exception_of,
    first_place,
    is_traceback,
    last_place,
    place_at,
    sentence_of,
)

NESTED = """Traceback (most recent call last):
  File "/opt/airflow/dagbag.py", line 9, in parse
    loader.exec_module(new_module)
  File "<frozen importlib._bootstrap_external>", line 994, in exec_module
  File "dags/flights.py", line 4, in <module>
    broken()
  File "dags/lib/tables.py", line 7, in broken
    json.loads("{")
  File "/usr/lib/json/decoder.py", line 337, in decode
    obj, end = self.raw_decode(s)
               ^^^^^^^^^^^^^^^^^^
json.decoder.JSONDecodeError: Expecting property name: line 1 column 2 (char 1)
"""
CHAINED = f"""{NESTED}
During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "dags/flights.py", line 5, in <module>
    broken()
ValueError: two
lines."""
SYNTAX = """Traceback (most recent call last):
  File "/opt/airflow/dagbag.py", line 9, in parse
  File "dags/flights.py", line 2
    DAG("flights"
       ^
SyntaxError: '(' was never closed
"""
CRASH = """Fatal Python error: Segmentation fault

Stack (most recent call first):
  File "/usr/lib/ctypes/__init__.py", line 525 in string_at
  File "dags/lib/native.py", line 3 in call
  File "dags/flights.py", line 9 in <module>
"""


@pytest.mark.parametrize(
    ("text", "place", "exception"),
    [
        (
            NESTED,
            Place("dags/lib/tables.py", 7),
            ("JSONDecodeError", "Expecting property name: line 1 column 2 (char 1)"),
        ),
        (CHAINED, Place("dags/flights.py", 5), ("ValueError", "two lines.")),
        (SYNTAX, Place("dags/flights.py", 2), ("SyntaxError", "'(' was never closed")),
        ("AirflowDagCycleException: Cycle in a", None, ("AirflowDagCycleException", "Cycle in a")),
        ("not an exception", None, ("", "not an exception")),
    ],
)
def test_place_and_exception(text: str, place: Place | None, exception: tuple[str, str]) -> None:
    assert last_place(text) == place
    assert exception_of(text) == exception


def test_a_stack_begins_with_the_innermost_line() -> None:
    assert first_place(CRASH) == Place("dags/lib/native.py", 3)


def test_a_file_in_an_archive_is_a_place_within_the_archive() -> None:
    within = Place("dags/all.zip", 0, "flights.py:3")
    assert last_place('  File "dags/all.zip/flights.py", line 3, in <module>\n') == within
    assert place_at("dags/all.zip/flights.py", 0) == Place("dags/all.zip", 0, "flights.py")


def test_an_exception_without_message_is_its_name() -> None:
    assert sentence_of('Traceback:\n  File "dags/a.py", line 1\nMemoryError\n') == "MemoryError"


def test_a_sentence_has_no_full_stop_and_nothing_that_differs_between_runs() -> None:
    prefix = f"unusual_prefix_{'0a' * 20}_"
    text = f"ValueError: <{prefix}flights.X object at 0x7f9275a35700> is wrong."
    assert sentence_of(text) == "ValueError: <flights.X object> is wrong"


def test_a_sentence_does_not_say_where_packages_are_installed() -> None:
    text = (
        "ImportError: cannot import name 'tsk' from 'airflow.sdk' (/r/lib/site-packages/airflow/__init__.py)"
    )
    assert sentence_of(text) == "ImportError: cannot import name 'tsk' from 'airflow.sdk'"


def test_a_long_message_is_cut() -> None:
    assert sentence_of(f"ValueError: {'x' * 1000}") == f"ValueError: {'x' * 300}…"


def test_a_message_is_no_traceback() -> None:
    assert is_traceback(NESTED)
    assert not is_traceback("ValueError: no")


GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "/opt/airflow/dagbag.py", line 9, in parse
  |     loader.exec_module(new_module)
  |   File "dags/flights.py", line 2, in <module>
  |     raise ExceptionGroup("several", [ValueError("b\\nc"), KeyError("d")])
  | ExceptionGroup: several (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "dags/lib/tables.py", line 7, in broken
    | ValueError: b
    | c
    +---------------- 2 ----------------
    | KeyError: 'd'
    +------------------------------------
"""


def test_a_group_of_exceptions_is_read_as_what_it_is() -> None:
    assert is_traceback(GROUP)
    assert sentence_of(GROUP) == "ExceptionGroup: several (2 sub-exceptions)"
    assert last_place(GROUP) == Place("dags/lib/tables.py", 7)
