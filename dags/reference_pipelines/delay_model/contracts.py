"""What features, model, evaluation and scores are."""

from typed_assets import Column, ColumnType, Contract, RowCount

_GROUP = (
    Column(name="hour", type=ColumnType.INTEGER, minimum=0, maximum=24),
    Column(name="weekday", type=ColumnType.INTEGER, minimum=0, maximum=6, description="0 is Sunday"),
    Column(name="origin", type=ColumnType.TEXT, max_bytes=3),
    Column(name="carrier", type=ColumnType.TEXT, max_bytes=2),
)

FEATURES = Contract(
    columns=(
        Column(name="part", type=ColumnType.TEXT, allowed=("train", "test"), max_bytes=5),
        *_GROUP,
        Column(name="flights", type=ColumnType.INTEGER, minimum=1),
        Column(name="late", type=ColumnType.INTEGER, minimum=0, description="More than 15 minutes late"),
    ),
    keys=(("part", "hour", "weekday", "origin", "carrier"),),
    rows=RowCount(minimum=100),
)

WEIGHTS = Contract(
    columns=(
        Column(name="term", type=ColumnType.TEXT, unique=True),
        Column(name="weight", type=ColumnType.FLOAT, minimum=-20, maximum=20),
    ),
    rows=RowCount(minimum=2),
    closed=True,
)

WORST_AUC = 0.6
"""A model that tells late flights from others no better than this is not worth an approver's time."""

EVALUATION = Contract(
    columns=(
        Column(name="flights", type=ColumnType.INTEGER, minimum=1),
        Column(name="observed_share", type=ColumnType.FLOAT, minimum=0, maximum=1),
        Column(name="predicted_share", type=ColumnType.FLOAT, minimum=0, maximum=1),
        Column(name="auc", type=ColumnType.FLOAT, minimum=WORST_AUC, maximum=1),
        Column(name="log_loss", type=ColumnType.FLOAT, minimum=0),
        Column(name="baseline_log_loss", type=ColumnType.FLOAT, minimum=0),
    ),
    rows=RowCount(minimum=1, maximum=1),
    closed=True,
)

SCORES = Contract(
    columns=(*_GROUP, Column(name="probability", type=ColumnType.FLOAT, minimum=0, maximum=1)),
    keys=(("hour", "weekday", "origin", "carrier"),),
    rows=RowCount(minimum=100),
)
