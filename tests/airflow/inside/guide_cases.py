"""The guide's example of a DAG runs as it stands, and its structure is what the guide shows."""

import re
from pathlib import Path
from typing import Any

import pytest

from typed_assets.testing import structure

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "test-pipelines.md"
PAGE = GUIDE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.newest
def test_the_example_of_a_dag_passes_and_has_the_structure_that_is_shown() -> None:
    (code,) = (block for block in blocks("python") if "run_dag(" in block)
    names: dict[str, Any] = {"__name__": "guide"}
    made: list[Any] = []
    exec(compile(code, str(GUIDE), "exec"), names)  # noqa: S102 - the repository's own page
    run_dag = names["run_dag"]

    def noted(dag: Any, **words: Any) -> Any:
        made.append(dag)
        return run_dag(dag, **words)

    names["run_dag"] = noted
    names["test_the_event_says_how_many_rows"]()
    (shown,) = (block for block in blocks("text") if block.startswith("dag airports"))
    assert structure(made[0]) == shown
