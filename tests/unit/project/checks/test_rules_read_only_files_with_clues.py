"""Rules read a file again only where something stands in it of which one of them may speak."""

from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version, airflow_versions
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.pipelines.rules import ADVISED_CLUES, refusing_clues
from mwaactl.project.checks.run import check_bundle
from mwaactl.project.clues import ACCESS_KEY, CREDENTIAL, all_clues, clues_in_data, clues_in_source

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]

SECRET = "glpat-" + "Q3EGTGYH2KLMNOPQ2rst"
KEYS = "copy t from 's3://b/k' ACCESS_KEY_ID '{key}'"
QUIET = {
    "dags/report.py": "from airflow.sdk import DAG\n\nDAG('report')\n",
    "dags/lib.py": "TABLES = ('a', 'b')\n",
    "dags/load.sql": "insert into a select 1;\n",
}
TELLING = [
    ("dags/a.py", "from airflow.sdk import asset\n@asset(schedule=None, watchers=[W])\ndef a(): ...\n"),
    ("dags/a.py", "from airflow.sdk import RetryRule\n"),
    ("dags/a.py", "from airflow.sdk import DAG\nDAG('a', deadline=1)\n"),
    ("dags/a.py", "def a(context):\n    return context['task_state_store']\n"),
    ("dags/a.py", "from airflow.providers.common.messaging.triggers.msg_queue import MessageQueueTrigger\n"),
    (
        "dags/a.py",
        "from airflow.sdk import Asset as A\nX = A('x', uri='s3://a/')\nY = A('x', uri='s3://b/')\n",
    ),
    ("dags/a.py", f'SQL = "{KEYS}"\n'),
    ("dags/a.sql", f"{KEYS};\n"),
    ("dags/a.py", f"KEY = '{SECRET}'\n"),
]


@pytest.mark.parametrize("version", airflow_versions())
def test_whatever_a_rule_goes_by_is_looked_for(version: str) -> None:
    assert refusing_clues(airflow_version(version)) | ADVISED_CLUES <= all_clues()


def test_files_without_a_clue_are_read_once(bundle_of: MakeBundle) -> None:
    bundle = bundle_of(QUIET)
    for dag in bundle.dags:
        dag.path.unlink()
    assert check_bundle(bundle, "3.3.1", advice=False) == ()


@pytest.mark.parametrize(("path", "content"), TELLING)
def test_what_refuses_a_project_is_found_by_its_clue(bundle_of: MakeBundle, path: str, content: str) -> None:
    found = check_bundle(bundle_of({path: content}), "3.0.6", advice=False)
    assert {(each.severity, each.path) for each in found} == {("error", path)}


@pytest.mark.parametrize(("path", "content"), TELLING)
def test_files_with_a_clue_are_read_again(bundle_of: MakeBundle, path: str, content: str) -> None:
    bundle = bundle_of({path: content})
    bundle.dags[0].path.write_text("# another one\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="changed while it was being deployed"):
        check_bundle(bundle, "3.0.6", advice=False)


def test_clues_are_told_with_their_names() -> None:
    content = f"from airflow.sdk import Asset\nKEY = '{SECRET}'\n".encode()
    assert clues_in_source(content) == ("airflow", "Asset", CREDENTIAL)
    assert clues_in_source(b"from airflow.sdk import RetryRule\n") == ("airflow", "RetryRule")
    assert clues_in_source(b"RetryRules = 1\n") == ()
    assert clues_in_data(b"UNLOAD (1) ACCESS_KEY_ID 'a'") == (ACCESS_KEY,)
    assert clues_in_data(b"select watchers from airflow") == ()
