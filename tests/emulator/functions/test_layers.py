"""Layers: what a handler finds of them, how they are published, and what is refused."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.functions.conftest import Deploy, package

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

SHOW = """
import os, subprocess
import shared, deep
def handle(event, context):
    return {"shared": shared.VALUE, "deep": deep.VALUE, "ran": subprocess.check_output(["told"], text=True)}
"""


def archive(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            made.writestr(entry, content)
    return buffer.getvalue()


@pytest.fixture
def publish(lambda_client: "LambdaClient") -> Iterator[Any]:
    made: list[tuple[str, int]] = []

    def one(name: str, content: bytes, **members: Any) -> dict[str, Any]:
        answer: Any = lambda_client.publish_layer_version(
            LayerName=name, Content={"ZipFile": content}, **members
        )
        made.append((name, answer["Version"]))
        return dict(answer)

    yield one
    for name, version in made:
        lambda_client.delete_layer_version(LayerName=name, VersionNumber=version)


def invoke(client: "LambdaClient", name: str) -> Any:
    return json.loads(client.invoke(FunctionName=name)["Payload"].read())


def test_handler_finds_packages_and_programs_of_its_layers_and_the_later_layer_wins(
    lambda_client: "LambdaClient", deploy: Deploy, publish: Any
) -> None:
    program = "#!/bin/sh\nprintf told\n"
    first = publish("first", archive(**{"python/shared.py": "VALUE = 'first'", "bin/told": program}))
    second = publish(
        "second",
        archive(
            **{
                "python/shared.py": "VALUE = 'second'",
                "python/lib/python3.12/site-packages/deep.py": "VALUE = 'site-packages'",
            }
        ),
    )
    arns = [first["LayerVersionArn"], second["LayerVersionArn"]]
    name = deploy(SHOW, Layers=arns)

    assert invoke(lambda_client, name) == {"shared": "second", "deep": "site-packages", "ran": "told"}
    layers = lambda_client.get_function_configuration(FunctionName=name)["Layers"]
    assert [layer["Arn"] for layer in layers] == arns


def test_function_keeps_a_layer_whose_version_is_deleted_until_it_is_given_another(
    lambda_client: "LambdaClient", deploy: Deploy, publish: Any
) -> None:
    one = publish("kept", package("VALUE = 1", "python/shared.py"))
    two = publish("kept", package("VALUE = 2", "python/shared.py"))
    source = "import shared\ndef handle(event, context):\n    return shared.VALUE"
    name = deploy(source, Layers=[one["LayerVersionArn"]])
    lambda_client.delete_layer_version(LayerName="kept", VersionNumber=one["Version"])

    assert invoke(lambda_client, name) == 1
    lambda_client.update_function_configuration(FunctionName=name, Layers=[two["LayerVersionArn"]])
    assert invoke(lambda_client, name) == 2
    lambda_client.update_function_configuration(FunctionName=name, Layers=[])
    assert "No module named 'shared'" in invoke(lambda_client, name)["errorMessage"]


def test_versions_are_counted_listed_and_given_back(lambda_client: "LambdaClient", publish: Any) -> None:
    one = publish("counted", package("", "a"), Description="d", CompatibleRuntimes=["python3.12"])
    two = publish("counted", package("", "b"))
    lambda_client.delete_layer_version(LayerName="counted", VersionNumber=two["Version"])
    three = publish("counted", package("", "c"))

    listed = lambda_client.list_layer_versions(LayerName="counted")["LayerVersions"]
    assert [each["Version"] for each in listed] == [three["Version"], one["Version"]] == [3, 1]
    found = lambda_client.get_layer_version(LayerName="counted", VersionNumber=1)
    by_arn = lambda_client.get_layer_version_by_arn(Arn=one["LayerVersionArn"])
    assert (found["Description"], found["CompatibleRuntimes"]) == ("d", ["python3.12"])
    assert by_arn["Content"] == found["Content"]
    assert "counted" in [each["LayerName"] for each in lambda_client.list_layers()["Layers"]]
    with pytest.raises(lambda_client.exceptions.ResourceNotFoundException):
        lambda_client.get_layer_version(LayerName="counted", VersionNumber=2)


def test_layer_that_is_no_zip_file_or_too_large_is_refused(lambda_client: "LambdaClient") -> None:
    large = io.BytesIO()
    with (
        zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open("a", "w") as file,
    ):
        for _ in range(251):
            file.write(bytes(1 << 20))
    for content, sentence in (
        (b"no zip", "Could not unzip uploaded file"),
        (large.getvalue(), "Unzipped size must be smaller than 262144000 bytes"),
    ):
        with pytest.raises(ClientError, match=sentence):
            lambda_client.publish_layer_version(LayerName="bad", Content={"ZipFile": content})
    assert lambda_client.list_layer_versions(LayerName="bad")["LayerVersions"] == []


def test_sixth_layer_and_two_versions_of_one_are_refused(
    lambda_client: "LambdaClient", deploy: Deploy, publish: Any
) -> None:
    refused = lambda_client.exceptions.InvalidParameterValueException
    layers = [publish(f"many-{n}", package("", "a"))["LayerVersionArn"] for n in range(6)]
    again = publish("many-0", package("", "b"))["LayerVersionArn"]

    with pytest.raises(refused, match="Cannot reference more than 5 layers"):
        deploy(SHOW, Layers=layers)
    with pytest.raises(refused, match="Two different versions of the same layer"):
        deploy(SHOW, Layers=[layers[0], again])
