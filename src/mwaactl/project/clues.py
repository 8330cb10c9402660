"""Clues: what stands in a file that a rule may have something to say of.

Each file is read once, and looked through then. Of thousands of files, rules read only those again in which a
clue of theirs was found.
"""

import re
from functools import cache
from itertools import chain

from mwaactl.catalog.airflow_features import airflow_features
from mwaactl.catalog.credentials import address_kinds, credential_kinds, credentials_in

type Clues = tuple[str, ...]

CREDENTIAL = "(what has the form of a credential)"
ACCESS_KEY = "access_key"
_NAMES = (
    "airflow", "typed_assets", "boto3", "_policy", "_mutation_hook", "watchers", "messaging", "Asset",
    "Dataset", "S3ToRedshiftOperator", "RedshiftToS3Operator",
)  # fmt: skip
_PARTS = tuple((name, name.encode()) for name in _NAMES)
_WORD = re.compile(rb"\w+")


def clues_in_source(content: bytes) -> Clues:
    """Returns the clues in a Python file; pure."""
    credentials = credentials_in(content, chain(credential_kinds(), address_kinds()))
    words = frozenset(_WORD.findall(content))
    return (
        *(name for name, spelt in _PARTS if spelt in content),
        *(name for name, spelt in _words() if spelt in words),
        *clues_in_data(content),
        *((CREDENTIAL,) if next(credentials, None) else ()),
    )


def clues_in_data(content: bytes) -> Clues:
    """Returns the clues in a file that is no Python, such as one of SQL; pure."""
    # In SQL, case does not count.
    return (ACCESS_KEY,) if ACCESS_KEY.encode() in content.lower() else ()


def all_clues() -> frozenset[str]:
    """Returns everything that is looked for."""
    return frozenset({name for name, _ in (*_PARTS, *_words())} | {ACCESS_KEY, CREDENTIAL})


@cache
def _words() -> tuple[tuple[str, bytes], ...]:
    """Returns the more than a hundred names of later versions, which a rule knows as whole words only."""
    features = airflow_features()
    tables = (features.names, features.arguments, features.plugin_attributes, features.context)
    later = {name.rpartition(".")[2] for table in tables for name in table}
    return tuple((name, name.encode()) for name in sorted(later.difference(_NAMES)))
