from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from mwaactl.airflow_api.values import is_at, keys_at

PATHS = st.lists(st.sampled_from(["dags", "a", "b.py", "usr"]), min_size=1, max_size=5).map("/".join)


@given(PATHS, PATHS.map(lambda path: f"dags/{path}"))
@example("/usr/local/airflow/dags/lib/a.py", "dags/lib/a.py")
@example("lib/a.py", "dags/lib/a.py")
@example("dags/lib/a.py", "dags/lib/a.py")
def test_the_keys_at_a_location_are_those_of_objects_that_may_be_there(location: str, key: str) -> None:
    assert (key in keys_at(location)) == is_at(location, key)
    assert (key in keys_at(f"/{location}")) == is_at(f"/{location}", key)
