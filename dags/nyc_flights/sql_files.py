"""The SQL files, found in a folder and in an archive of DAGs alike."""

from importlib.resources import files

from typed_assets import SqlRule

SQL = files(__package__) / "sql"


def sql_text(name: str) -> str:
    """Return the text of a file by its name below `sql/`, for example `marts/delay_by_carrier`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def rules(*names: str) -> tuple[SqlRule, ...]:
    """Return the rules of a contract that are files of `sql/checks/`: each counts what is wrong."""
    return tuple(SqlRule(name=name, sql=sql_text(f"checks/{name}")) for name in names)
