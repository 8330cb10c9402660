"""The files of a new pipeline, and those that load it where they are not there yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaactl.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FOLDER = "dags/pipelines"
SCHEMA_FILE = ".mwaactl/pipeline.schema.json"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,199}")
_LOADER = '''"""The pipelines in `pipelines/`, as DAGs."""

from airflow.sdk import DAG  # noqa: F401 - the word that Airflow looks for in a DAG file

from typed_assets.loading import load_pipelines

load_pipelines(globals(), "pipelines", mistakes_in="pipelines_mistakes.py")
'''
_REPORTER = '''"""What is wrong with the pipelines in `pipelines/`, as an import error of this file alone."""

from airflow.sdk import DAG  # noqa: F401 - the word that Airflow looks for in a DAG file

from typed_assets.loading import report_mistakes

report_mistakes(globals(), "pipelines")
'''
_PIPELINE = """\
# yaml-language-server: $schema=../../{schema}
description: Says what this pipeline is for
schedule: "@daily"
start: {today}
steps:
  - id: begin
    operator: airflow.providers.standard.operators.bash.BashOperator
    arguments:
      bash_command: echo "{{{{ ds }}}}"
      execution_timeout: 5m
  - id: end
    operator: airflow.providers.standard.operators.empty.EmptyOperator
    after: [begin]
"""


def new_pipeline(name: str, today: str, there: Collection[str]) -> Mapping[str, str]:
    """Return the files to be written, by path below the project's root.

    Args:
        name: Of the pipeline: its file's name and its DAG's id.
        today: The first day of its schedule, `2024-01-31`.
        there: Paths of the files that are there already.

    Raises:
        ProjectError: The name is not good, or there is such a pipeline.
    """
    if not _NAME.fullmatch(name):
        message = f"`{name}` cannot be the name of a pipeline"
        raise ProjectError(
            message, hint="use lower-case letters, digits and `_`", code="project.pipeline-name"
        )
    path = f"{FOLDER}/{name}.yaml"
    if path in there:
        message = f"`{path}` is there already"
        raise ProjectError(message, hint="choose another name", path=path, code="project.pipeline-exists")
    loaders = {"dags/pipelines.py": _LOADER, "dags/pipelines_mistakes.py": _REPORTER}
    missing = {file: text for file, text in loaders.items() if file not in there}
    return {path: _PIPELINE.format(schema=SCHEMA_FILE, today=today), **missing}
