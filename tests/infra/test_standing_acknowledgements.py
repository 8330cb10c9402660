"""What is acknowledged in general is there, is used, and says why."""

from fnmatch import fnmatchcase

import pytest

from infra.standing_acknowledgements import STANDING
from tests.infra.configurations import CONFIGURATIONS


@pytest.fixture(scope="module")
def acknowledged(request: pytest.FixtureRequest) -> set[tuple[str, str, str]]:
    """Construct path, finding and reason over all configurations."""
    environments = [request.getfixturevalue(name) for name in CONFIGURATIONS]
    return {entry for each in environments for entry in each.acknowledgements}


def test_each_decision_is_about_a_resource_that_is_there(acknowledged: set[tuple[str, str, str]]) -> None:
    for each in STANDING:
        paths = [
            path for path, finding, reason in acknowledged if finding in each.ids and reason == each.reason
        ]
        assert paths, f"{each.ids} at {each.resource_type} is acknowledged for nothing"
        assert all(fnmatchcase(path.removeprefix("/"), each.below) for path in paths)


def test_reasons_are_sentences_without_a_full_stop() -> None:
    for each in STANDING:
        assert each.reason[0].isupper()
        assert not each.reason.endswith(".")
        assert len(each.reason) > 30
