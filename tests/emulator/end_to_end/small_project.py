"""A project with one small pipeline that runs on every Airflow version that MWAA has."""

from pathlib import Path
from shutil import rmtree

from tests.emulator.end_to_end.kept_packages import keep_packages
from tests.emulator.end_to_end.project_copy import ProjectCopy, copy_project

DAG_ID = "greets"
DATA_BUCKET = "flights-local-data-123456789012-us-east-1"
RESULT_KEY = "lake/greeting.txt"

DAG = f'''"""Runs on Airflow 2 and 3."""

try:
    from airflow.sdk import DAG, task
except ImportError:
    from airflow import DAG
    from airflow.decorators import task

from lib.words import WORD

with DAG("{DAG_ID}", schedule=None):

    @task
    def greet():
        import os

        import boto3

        import greeting_plugin

        caller = boto3.client("sts").get_caller_identity()["Arn"]
        facts = [WORD, greeting_plugin.WORD, os.environ["AWS_RETRY_MODE"], caller]
        print("greet says", *facts)
        body = " ".join(facts).encode()
        boto3.client("s3").put_object(Bucket="{DATA_BUCKET}", Key="{RESULT_KEY}", Body=body)

    greet()
'''
PLUGIN = """from airflow.plugins_manager import AirflowPlugin

WORD = "plugin"


class GreetingPlugin(AirflowPlugin):
    name = "greeting_plugin"
"""
BROKEN_DAG = 'from airflow import DAG\n\nwith DAG("broken", schedule=None):\n    undefined_operator()\n'


def small_project(folder: Path, index_url: str, airflow_version: str) -> ProjectCopy:
    """Make the project; its stacks and its start-up script are this repository's."""
    keep_packages(airflow_version)
    project = copy_project(folder, index_url)
    for part in ("dags", "plugins"):
        rmtree(folder / part)
    files = {
        "dags/greets.py": DAG,
        "dags/lib/__init__.py": "",
        "dags/lib/words.py": 'WORD = "archive"\n',
        "plugins/greeting_plugin.py": PLUGIN,
        "requirements/requirements.in": "",
        "requirements/requirements.txt": "# none\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = folder / "mwaactl.toml"
    text = settings.read_text(encoding="utf-8")
    for before, after in (
        ('airflow_version = "3.3.1"', f'airflow_version = "{airflow_version}"'),
        ('"PUBLIC_AND_PRIVATE"', '"PUBLIC_ONLY"'),
        ('"WARNING"', '"INFO"'),
    ):
        assert before in text
        text = text.replace(before, after)
    settings.write_text(text, encoding="utf-8")
    return project
