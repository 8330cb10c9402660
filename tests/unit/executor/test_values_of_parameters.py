import pytest

from mwaactl.errors import ApplyError
from mwaactl.executor.parameter_values import parameter_values
from mwaactl.observed import StoredObject
from mwaactl.planner.actions import StackParameter, VersionOf

KEY = "artifacts/plugins.zip"
PARAMETERS = (StackParameter("PluginsKey", KEY), StackParameter("PluginsVersion", VersionOf(KEY)))


def test_a_version_is_that_of_the_upload() -> None:
    stored = {KEY: StoredObject(KEY, '"e1"', "v1")}

    assert parameter_values(PARAMETERS, stored) == {"PluginsKey": KEY, "PluginsVersion": "v1"}


@pytest.mark.parametrize("version", [None, "null"])
def test_a_bucket_that_keeps_no_versions_is_refused(version: str | None) -> None:
    with pytest.raises(ApplyError, match=r"gave `artifacts/plugins\.zip` no version") as refused:
        parameter_values(PARAMETERS, {KEY: StoredObject(KEY, '"e1"', version)})

    assert refused.value.code == "apply.not-versioned"
