"""What is wrong with `expand`, of which a step makes a mapped task instance for each value."""

from collections.abc import Iterator, Mapping
from typing import Any

from typed_assets.yaml.operator_arguments import Fault
from typed_assets.yaml.problems import shown

_OF_THE_TASK = frozenset({
    "depends_on_past", "execution_timeout", "executor_config", "inlets", "max_retry_delay",
    "on_execute_callback", "on_failure_callback", "on_retry_callback", "on_skipped_callback",
    "on_success_callback", "outlets", "owner", "pool_slots", "priority_weight", "queue", "retries",
    "retry_delay", "retry_exponential_backoff", "trigger_rule", "wait_for_downstream", "weight_rule",
})  # fmt: skip
"""Arguments that all instances have in common: Airflow 3.0 to 3.3 refuses to map them."""


def expansion_faults(expand: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Fault]:
    """Say what Airflow would refuse.

    Args:
        expand: by name, with a list or mapping for each, or the output of a step.
        given: the other arguments, by name.
    """
    for name, values in expand.items():
        if not isinstance(values, (list, dict)):
            hint = "write a list, or `{$output: step}`"
            yield Fault(name, f"`{name}` is expanded over a list, not {shown(values)}", hint)
        if name in given:
            yield Fault(name, f"`{name}` stands in `arguments` and in `expand`", "take one of them out")
        if name in _OF_THE_TASK:
            hint = "write it in `arguments`"
            yield Fault(name, f"`{name}` belongs to the task as a whole and cannot be expanded", hint)
