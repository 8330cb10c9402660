"""Whether the parts of an asset go together: what could not be run is refused where it is declared."""

import re
from typing import TYPE_CHECKING

from typed_assets.spec.contracts import Contract
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import Location, RedshiftTable, S3Prefix, location
from typed_assets.spec.rule_names import check_result_name

if TYPE_CHECKING:
    from typed_assets.spec.assets import Asset, Quarantine

SQL = ".sql"
PARTITION_COLUMN = "_partition"
"""Of a table with partitions: tells what a later publication replaces."""
_FUNCTION = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


def check_names_a_function(name: str) -> None:
    """Refuse what is neither `module:function` nor the path of a SQL file.

    Raises:
        SpecError: it is neither.
    """
    if not name.endswith(SQL) and not _FUNCTION.fullmatch(name):
        message = f"`{name}` names no function"
        raise SpecError(message, hint="write `module:function`, or the path of a .sql file")


def check_checks(asset: "Asset") -> None:
    """Refuse checks that could not be told apart, or name nothing that could run.

    Raises:
        SpecError: there is one.
    """
    names = [check.name for check in asset.checks]
    names += [rule.name for rule in asset.contract.rules] if asset.contract else []
    if len(names) != len(set(names)):
        message = f"asset `{asset.name}` has two checks of one name"
        raise SpecError(message, hint="rules of its contract count too")
    for check in asset.checks:
        check_names_a_function(check.run)
        check_result_name(asset.contract or Contract(columns=()), check.name, "check")


def check_place(asset: "Asset", place: Location) -> None:
    """Refuse what cannot be where the asset stands: SQL about files, columns that a table cannot have.

    Raises:
        SpecError: there is one.
    """
    match place:
        case S3Prefix():
            _refuse_sql(asset)
        case RedshiftTable():
            _check_columns(asset)


def _refuse_sql(asset: "Asset") -> None:
    names = [rule.name for rule in asset.contract.rules] if asset.contract else []
    names += [check.name for check in asset.checks if check.run.endswith(SQL)]
    if names:
        message = f"asset `{asset.name}` has the rule `{names[0]}` in SQL, which files cannot run"
        raise SpecError(message, hint="check it with a Python function, or load the files into a table")


def _check_columns(asset: "Asset") -> None:
    """Redshift folds names to lower case."""
    folded = [column.name.lower() for column in asset.contract.columns] if asset.contract else []
    if len(folded) != len(set(folded)):
        twice = next(name for name in folded if folded.count(name) > 1)
        message = f"a table cannot have the column `{twice}` twice, and case does not count there"
        raise SpecError(message)
    if asset.partitions is not None and PARTITION_COLUMN in folded:
        message = f"the column `{PARTITION_COLUMN}` of asset `{asset.name}` holds its partition"
        raise SpecError(message, hint="choose another name for a column of your own")


def check_quarantine(name: str, own: Location, quarantine: "Quarantine") -> None:
    """Refuse a quarantine that could not take the asset's rows, or is the asset itself.

    Raises:
        SpecError: it is one.
    """
    if not 0 <= quarantine.max_share <= 1:
        message = f"asset `{name}`: `max_share` of its quarantine must be from 0 to 1"
        raise SpecError(message)
    other = location(quarantine.uri)
    if type(own) is not type(other):
        kind = "a prefix of S3" if isinstance(own, S3Prefix) else "a table, as the asset is one"
        message = f"the quarantine of asset `{name}` must be {kind}, not `{quarantine.uri}`"
        raise SpecError(message)
    if own == other:
        message = f"the quarantine of asset `{name}` is where its own data stands"
        raise SpecError(message, hint="name another place")
