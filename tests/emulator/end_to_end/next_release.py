"""Another release of the project: one more DAG and another plugin, so that the environment is updated."""

from typing import Any

from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.project_copy import ProjectCopy

ARTIFACTS = ("PluginsS3ObjectVersion", "RequirementsS3ObjectVersion", "StartupScriptS3ObjectVersion")
KEPT_DAG = """from airflow.sdk import DAG, BaseHook, task

with DAG("kept", schedule=None):

    @task(retries=0)
    def only():
        assert BaseHook.get_connection("lake").host == "lake.example.com"

    only()
"""


class NextRelease:
    """Deploys it when it is asked for the first time.

    Args:
        project: A deployed project.
    """

    def __init__(self, project: ProjectCopy) -> None:
        self._project = project
        self._dag = project.root / "dags" / "kept.py"
        self._plugin = project.root / "plugins" / "flights_plugin" / "plugin.py"
        self._text = self._plugin.read_text(encoding="utf-8")
        self._before: dict[str, str] = running_artifacts(project)
        self._is_deployed = False

    def deploy(self) -> dict[str, str]:
        """Deploy it unless it is deployed; return the artifacts of the release before."""
        if not self._is_deployed:
            self._plugin.write_text(f"{self._text}\n# another version\n", encoding="utf-8")
            self._dag.write_text(KEPT_DAG, encoding="utf-8")
            done = self._project.mwaactl("deploy", "-e", "local")
            assert done.returncode == 0, done.stdout + done.stderr
            self._is_deployed = True
        return self._before

    def undo_files(self) -> None:
        """Take DAG and plugin back in the project's folder; the environment stays as it is."""
        self._plugin.write_text(self._text, encoding="utf-8")
        self._dag.unlink(missing_ok=True)


def running_artifacts(project: ProjectCopy) -> dict[str, str]:
    """Return the versions that the environment names."""
    environment: Any = aws(project, "mwaa").get_environment(Name="flights-local")["Environment"]
    return {name: environment[name] for name in ARTIFACTS}
