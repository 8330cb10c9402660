"""Words that arguments of every task take, which no signature lists: Airflow 3.0 to 3.3.

Airflow refuses a trigger rule that is none when it makes the task, and a weight rule only when it serialises
the DAG: then every DAG of the file goes out of service.
"""

from collections.abc import Mapping
from typing import Any

_RULES = """
all_done all_done_min_one_success all_done_setup_success all_failed all_skipped all_success always none_failed
none_failed_min_one_success none_skipped one_done one_failed one_success
"""
WORDS: Mapping[str, tuple[str, ...]] = {
    "trigger_rule": tuple(_RULES.split()),
    "weight_rule": ("absolute", "downstream", "upstream"),
}


def is_no_word(name: str, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Say whether a text is none of the words of an argument; `module.Class` may be a rule of one's own."""
    return name in WORDS and isinstance(value, str) and value not in WORDS[name] and "." not in value
