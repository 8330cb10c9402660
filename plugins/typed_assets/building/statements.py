"""The placeholders of SELECT statements.

| in the text | becomes |
|---|---|
| `{mart.delays}` | the table of an upstream asset, quoted: `"mart"."delays"` |
| `{partition}` | the key of the partition that is made, as a text literal |
| `{data_bucket}` | an option of section `pipelines` of Airflow's configuration, as it stands |
| `{{` and `}}` | one brace |

There is no other language in it: no conditions, no loops, and nothing is looked up anywhere else.
"""

import re

from typed_assets.context import AssetContext
from typed_assets.io.sql_text import literal, table_name
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.locations import RedshiftTable, location

_HOLE = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_.]*)\}")


def filled_statement(text: str, context: AssetContext) -> str:
    """Return a statement with everything in its holes.

    Raises:
        SpecError: a hole names nothing that is known here.
    """
    return _HOLE.sub(lambda hole: hole[0][0] if hole[1] is None else _value(hole[1], context), text)


def _value(name: str, context: AssetContext) -> str:
    upstream, options = context.upstream(), context.services.options
    if name == "partition":
        return literal(_partition(context))
    if name in upstream:
        return _table(name, context)
    if name in options:
        return options[name]
    message = (
        f"the statement names `{{{name}}}`, which is neither upstream of `{context.asset.name}` nor an option"
    )
    raise SpecError(message, hint=nearest(name, ["partition", *upstream, *options]))


def _partition(context: AssetContext) -> str:
    if context.partition is None:
        message = f"the statement names `{{partition}}`, and this run of `{context.asset.name}` has none"
        raise SpecError(message, hint="declare `partitions`")
    return context.partition


def _table(name: str, context: AssetContext) -> str:
    where = location(context.run.assets[name].uri)
    if not isinstance(where, RedshiftTable):
        message = f"the statement names `{{{name}}}`, which is no table"
        raise SpecError(message, hint="read its rows with `context.read`")
    return table_name(where)
