from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mwaactl.airflow_api.values import is_at, key_within, keys_at

PATHS = st.lists(st.sampled_from(["dags", "a", "b.py", "usr"]), min_size=1, max_size=5).map("/".join)


@given(PATHS, PATHS.map(lambda path: f"dags/{path}"))
@example("/usr/local/airflow/dags/lib/a.py", "dags/lib/a.py")
@example("lib/a.py", "dags/lib/a.py")
@example("dags/lib/a.py", "dags/lib/a.py")
def test_the_keys_at_a_location_are_those_of_objects_that_may_be_there(location: str, key: str) -> None:
    assert (key in keys_at(location)) == is_at(location, key)
    assert (key in keys_at(f"/{location}")) == is_at(f"/{location}", key)


@pytest.mark.parametrize(
    ("location", "archive", "key"),
    [
        ("jobs.zip/a.py", "dags/jobs.zip", "dags/jobs.zip/a.py"),
        ("/usr/local/airflow/dags/jobs.zip/a.py", "dags/jobs.zip", "dags/jobs.zip/a.py"),
        ("team/jobs.zip/a.py", "dags/jobs.zip", None),
        ("jobs.zip", "dags/jobs.zip", None),
        ("jobs/a.py", "dags/jobs", None),
    ],
)
def test_a_file_within_an_archive_is_named_with_the_archive(
    location: str, archive: str, key: str | None
) -> None:
    assert key_within(location, archive) == key
