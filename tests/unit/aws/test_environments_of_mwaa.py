from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from mwaactl.aws.mwaa import Environments
from mwaactl.aws.session import AwsSession
from mwaactl.config.size import EnvironmentSize

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS = {"MinWorkers": 1, "MaxWorkers": 10, "Schedulers": 2, "MinWebservers": 2, "MaxWebservers": 3}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Environments, Stubber]]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client = AwsSession("us-east-1").client("mwaa")
    with Stubber(client) as stubber:
        yield Environments(client), stubber


@pytest.mark.parametrize("missing", [None, *COUNTS, "EnvironmentClass"])
def test_a_size_is_known_where_all_of_it_is_told(
    service: tuple[Environments, Stubber], missing: str | None
) -> None:
    environments, stubber = service
    told: dict[str, Any] = {"Name": "dev", "EnvironmentClass": "mw1.small", **COUNTS}
    told.pop(missing or "", None)
    stubber.add_response("get_environment", {"Environment": told}, {"Name": "dev"})

    found = environments.find("dev")

    assert found is not None
    assert found.size == (None if missing else EnvironmentSize("mw1.small", 1, 10, 2, 2, 3))


def test_artifacts_are_given_by_the_names_of_the_api(service: tuple[Environments, Stubber]) -> None:
    environments, stubber = service
    given = {"PluginsKey": "", "RequirementsVersion": "v1", "WorkerReplacementStrategy": "GRACEFUL"}
    sent = {"PluginsS3Path": "", "RequirementsS3ObjectVersion": "v1", "WorkerReplacementStrategy": "GRACEFUL"}
    stubber.add_response("update_environment", {"Arn": "arn"}, {"Name": "dev", **sent})

    environments.give_artifacts("dev", given)

    stubber.assert_no_pending_responses()
