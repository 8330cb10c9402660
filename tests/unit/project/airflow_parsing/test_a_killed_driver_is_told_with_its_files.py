"""What is told where a DAG file has ended all of Airflow, by a way that nothing can refuse."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.driver_process import run_driver
from mwaactl.project.airflow_parsing.parse import parse_dags
from tests.fakes.scripted_driver import ENVIRONMENT, ParsedProject


def told_after(project: ParsedProject, *lines: dict[str, Any], end: str = "os.kill(os.getpid(), 9)") -> str:
    """Returns message and hint after a process that writes lines, and ends."""
    listed = {"kind": "listed", "files": ["flights.py", "planes.py"]}
    written = "".join(f"print({json.dumps(each)!r}, flush=True)\n" for each in (listed, *lines))
    script = f"import os, sys\nprint('loading', file=sys.stderr, flush=True)\n{written}{end}"

    def run(
        argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], take: Callable[[bytes], None]
    ) -> None:
        del argv
        run_driver([sys.executable, "-c", script], cwd=cwd, environ=environ, take=take)

    with pytest.raises(ProjectError) as caught:
        parse_dags(project.bundle(), ENVIRONMENT, replace(project.parser(), run=run))
    assert caught.value.code == "project.parsing-failed"
    return f"{caught.value.message}\n{caught.value.hint}"


def begun(file: str) -> dict[str, Any]:
    return {"kind": "begun", "file": file}


def parsed(file: str) -> dict[str, Any]:
    return {"kind": "parsed", "file": file, "reads": []}


def test_the_only_file_under_way_is_named_with_a_remedy(project: ParsedProject) -> None:
    told = told_after(project, begun("plugins"), parsed("plugins"), begun("flights.py"))
    assert told == (
        "the DAG files could not be parsed: Airflow was killed by SIGKILL, "
        "while it parsed `dags/flights.py`\n"
        "a file that ends other processes while it is imported would end MWAA's DAG processor too: "
        "have it define DAGs only; where it does not, the memory of this machine may be used up"
    )


def test_a_file_that_has_been_parsed_is_not_suspected(project: ParsedProject) -> None:
    told = told_after(project, begun("flights.py"), begun("planes.py"), parsed("flights.py"))
    assert "while it parsed `dags/planes.py`\n" in told


def test_all_files_under_way_may_have_done_it(project: ParsedProject) -> None:
    told = told_after(project, begun("flights.py"), begun("planes.py"))
    assert "while it parsed `dags/flights.py` or `dags/planes.py`\n" in told
    assert "look which of these does more than define DAGs" in told


def test_an_end_before_the_first_file_blames_none(project: ParsedProject) -> None:
    assert told_after(project, end="sys.exit(4)") == (
        "the DAG files could not be parsed: Airflow ended with code 4: loading\nNone"
    )


def test_a_folder_in_which_airflow_does_not_start_is_named_before_it_is_tried(tmp_path: Path) -> None:
    odd = ParsedProject(Path(os.fsdecode(os.fsencode(tmp_path) + b"/proj\xff")))
    odd.write("dags/flights.py", "from airflow.sdk import DAG\n\nDAG('flights')\n")
    with pytest.raises(ProjectError, match=r"not UTF-8: `/.*/proj\\xff`") as caught:
        parse_dags(odd.bundle(), ENVIRONMENT, odd.parser())
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("rename that folder")
    assert odd.driver.parsed == []
