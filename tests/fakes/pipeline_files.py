"""Pipelines' files in memory, and a few operators that are known."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from typed_assets.yaml.operator_arguments import Argument, OperatorArguments, no_operator
from typed_assets.yaml.reading import Reader, Reading, is_pipeline
from typed_assets.yaml.references import Folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typed_assets.spec.pipelines import Pipeline

TEXT, MAYBE = frozenset({"string"}), frozenset({"string", "null"})
LOAD, END = "providers.redshift.LoadOperator", "providers.empty.EndOperator"
BASE = {
    "retries": Argument(frozenset({"integer"})),
    "retry_delay": Argument(frozenset({"duration", "number"})),
    "outlets": Argument(),
    "weight_rule": Argument(frozenset({"string"})),
    "trigger_rule": Argument(frozenset({"string", "any"})),
}
KNOWN = {
    LOAD: {
        "sql": Argument(TEXT, required=True),
        "workgroup_name": Argument(MAYBE),
        "wait": Argument(frozenset({"boolean"})),
        "tables": Argument(frozenset({"array"})),
        "on_done": Argument(frozenset({"callable", "null"})),
        "since": Argument(frozenset({"time"})),
        "method": Argument(frozenset(), choices=("APPEND", "REPLACE")),
        **BASE,
    },
    END: BASE,
    "airflow.sdk.BaseOperator": BASE,
    "airflow.sdk.DAG": {
        "catchup": Argument(frozenset({"boolean"})),
        "max_active_runs": Argument(frozenset({"integer"})),
        "dagrun_timeout": Argument(frozenset({"duration", "null"})),
    },
}


class KnownOperators:
    """Knows the operators above; those of `own.` cannot be known."""

    def arguments_of(self, operator: str) -> OperatorArguments | None:
        """Return the arguments of an operator."""
        if operator.startswith("own."):
            return None
        if operator in KNOWN:
            return OperatorArguments(operator, KNOWN[operator])
        module = operator.rpartition(".")[0]
        raise no_operator(
            operator,
            [name.rpartition(".")[2] for name in KNOWN if name.rpartition(".")[0] == module],
            {name.rpartition(".")[0] for name in KNOWN},
        )


def folder_of(files: Mapping[str, str]) -> Folder:
    """Return a folder with these files; their text is dedented."""
    contents = {name: dedent(text).lstrip("\n").encode() for name, text in files.items()}
    return Folder(
        contents.get,
        lambda of: [name.rpartition("/")[2] for name in contents if name.rpartition("/")[0] == of],
    )


def read(files: Mapping[str, str]) -> Reading:
    """Read all pipelines below `pipelines/`."""
    reader = Reader(folder_of(files), "pipelines", KnownOperators())
    return reader.read_all([file for file in files if is_pipeline(file, "pipelines")])


def pipelines(text: str, **others: str) -> tuple[Pipeline, ...]:
    """Return the pipelines of one file, which has to be right; keywords are files by their full path."""
    reading = read({"pipelines/nightly.yaml": text, **others})
    assert [each.sentence for each in reading.mistakes] == []
    return reading.pipelines


def mistakes(text: str, **others: str) -> list[str]:
    """Return what is wrong, without the name of the file."""
    reading = read({"pipelines/nightly.yaml": text, **others})
    return [each.sentence.removeprefix("pipelines/nightly.yaml:") for each in reading.mistakes]
