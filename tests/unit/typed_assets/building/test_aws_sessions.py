"""boto3's sessions in a process that lives long, and where they find descriptions of services."""

import json
from pathlib import Path
from typing import Any

import pytest

from typed_assets.building.aws_sessions import new_session


def loader(session: Any) -> Any:
    return session._session.get_component("data_loader")


def test_search_path_does_not_grow_with_each_session() -> None:
    first = list(loader(new_session()).search_paths)

    assert [loader(new_session()).search_paths for _ in range(3)] == [first] * 3
    assert len(set(first)) == len(first)


def test_descriptions_are_read_once() -> None:
    first, second = (loader(new_session()).load_service_model("sts", "service-2") for _ in range(2))

    assert first["metadata"]["serviceId"] == "STS"
    assert second is first


def test_descriptions_beside_botocores_own_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_session()
    described = {"metadata": {"serviceId": "Of the test"}, "operations": {}, "shapes": {}}
    file = tmp_path / "ofthetest" / "2026-01-01" / "service-2.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(described))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))

    session = new_session()

    assert "ofthetest" in session.get_available_services()
    assert loader(session).load_service_model("ofthetest", "service-2") == described


def test_a_session_makes_clients_and_resources() -> None:
    session = new_session()

    client = session.client("sts", "eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
    assert client.meta.service_model.service_id == "STS"
    assert "s3" in session.get_available_resources()
