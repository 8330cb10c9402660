"""Tasks that call AWS without a time limit, or without a second try."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument, has_more_arguments

RULE = "task-limits"
_AMAZON = "airflow.providers.amazon."
_LIMITS = ("execution_timeout", "retries")


def task_limits(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports each limit that AWS tasks of a file lack, once, at the first of them."""
    said = _said_for_all(source)
    tasks = [call for call in source.calls if source.operator(call).startswith(_AMAZON)]
    for limit in (each for each in _LIMITS if each not in said):
        lacking = [call for call in tasks if not argument(call, limit) and not has_more_arguments(call)]
        if limit == "execution_timeout":
            lacking = [call for call in lacking if not argument(call, "timeout")]  # a sensor's own limit
        if lacking:
            count = (
                "a task that calls AWS has"
                if len(lacking) == 1
                else f"{len(lacking)} tasks that call AWS have"
            )
            message = f"{count} no `{limit}`"
            hint = f"say it once for all tasks, as `{limit}` of the DAG's `default_args`"
            yield from source.finding(RULE, "warning", lacking[0].lineno, message, hint)


def _said_for_all(source: PipelineSource) -> set[str]:
    """Return the limits that stand as keys in a dictionary: the default arguments, wherever they are made."""
    return {
        key.value
        for node in source.nodes
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value in _LIMITS
    } | {
        each.arg
        for call in source.calls
        if isinstance(call.func, ast.Name) and call.func.id == "dict"
        for each in call.keywords
        if each.arg in _LIMITS
    }
