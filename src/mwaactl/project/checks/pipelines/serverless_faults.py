"""What MWAA Serverless says no to, in words; where it stands, in Python or in YAML, is for others to know."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mwaactl.catalog.serverless import serverless_facts

RULE = "not-serverless"
TAG = "mwaa-serverless"
_TEMPLATE = re.compile(r"\{\{-?\s*([A-Za-z_]\w*)")


class Fault(NamedTuple):
    """One thing that a workflow's definition cannot say."""

    message: str
    hint: str


SCHEDULE = Fault(
    "MWAA Serverless starts runs by cron expressions and rates only, never by assets",
    "write a cron expression, or None and start runs from outside",
)
MAPPING = Fault(
    "MWAA Serverless maps no tasks over values that are known only in a run",
    "write a task for each value, or loop in one task",
)
FUNCTION = Fault(
    "MWAA Serverless knows no tasks by `@task`", "write a PythonOperator, and give the workflow its code"
)
ASSET = Fault(
    "MWAA Serverless knows no assets: nothing would be checked, nor published",
    "write the step as an operator, or leave the pipeline to Airflow",
)


def fault_of_argument(name: str, *, refused: bool = True, number: float | None = None) -> Fault | None:
    """Return what is wrong with an argument of an operator, or None.

    Args:
        name: of the argument.
        refused: whether its value is one that is refused where the argument is: `False` is not.
        number: its value, where that is a number; seconds for a duration.
    """
    facts = serverless_facts()
    if name in facts.refused and refused:
        message = f"MWAA Serverless refuses the argument `{name}`"
        return Fault(message, "leave it out; the workflow's role and region hold")
    if name in facts.ignored:
        return ignored(name)
    most = facts.task_limits.get(name)
    if most is None or number is None or number <= most:
        return None
    unit = "" if name == "retries" else " seconds"
    message = f"`{name}` is {number:g}{unit}; MWAA Serverless takes {most}{unit} at most"
    return Fault(message, "split the task, or have AWS do the long part")


def fault_of_dag_argument(name: str) -> Fault | None:
    """Return what is wrong with an argument of a DAG, or None."""
    return ignored(name) if name in serverless_facts().ignored_of_dag else None


def ignored(name: str) -> Fault:
    """Return that an argument has no effect."""
    message = f"the argument `{name}` has no effect on MWAA Serverless"
    return Fault(message, "do without it where the DAG runs there")


def faults_of_text(text: str) -> Iterator[Fault]:
    """Yield a fault for each name that templates do not have there."""
    known = serverless_facts().template_names
    for name in dict.fromkeys(_TEMPLATE.findall(text)):
        if name not in known:
            message = f"templates of MWAA Serverless have no `{name}`"
            yield Fault(message, f"they have {', '.join(sorted(known))}")
