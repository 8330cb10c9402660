from collections.abc import Callable, Mapping

from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.run import check_bundle

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]


def test_findings_come_by_path_and_line(bundle_of: MakeBundle) -> None:
    bundle = bundle_of(
        {
            "startup/startup.sh": "set -e\nexport AIRFLOW_HOME=x\n",
            "requirements/requirements.txt": "b\na\n",
            "dags/a.py": "x = (\n",
            "plugins/json.py": "",
        }
    )
    assert [(each.path, each.line) for each in check_bundle(bundle, "3.3.1")] == [
        ("dags/a.py", 1),
        ("plugins/json.py", None),
        ("requirements/requirements.txt", 1),
        ("requirements/requirements.txt", 2),
        ("startup/startup.sh", 1),
        ("startup/startup.sh", 2),
    ]
