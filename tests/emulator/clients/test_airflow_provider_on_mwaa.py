"""The provider's hook, operator, sensors and trigger of MWAA, with a small HTTP server in Airflow's place."""

from pathlib import Path

from tests.emulator.clients.conftest import World
from tests.fakes.airflow_provider import provider_answers
from tests.fakes.aws_command_line import aws_environment
from tests.fakes.mwaa_account import environment_request

NAME = "provided"


def test_hook_operator_sensors_and_trigger_work(world: World, tmp_path: Path) -> None:
    mwaa = world.aws("mwaa")
    mwaa.create_environment(**environment_request(world.aws, NAME))
    while mwaa.get_environment(Name=NAME)["Environment"]["Status"] != "AVAILABLE":
        pass

    asked = {"mwaa": [NAME, "flights"]}
    answers = provider_answers(asked, aws_environment(world.settings), tmp_path)["mwaa"]

    assert answers == {
        "started": 200,
        "version": "v2",
        "run_id": "provided",
        "sensed": [True, True],
        "triggered": "success",
        "dags": ["flights"],
    }
