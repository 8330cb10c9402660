"""What a flight is: one row for its hour, carrier, number and airport."""

from typed_assets import Column, ColumnType, Contract, RowCount

FLIGHTS = Contract(
    columns=(
        Column(name="time_hour", type=ColumnType.TIMESTAMP, description="Scheduled hour of departure, UTC"),
        Column(name="carrier", type=ColumnType.TEXT, max_bytes=2),
        Column(name="flight", type=ColumnType.INTEGER, minimum=1, maximum=9999),
        Column(name="origin", type=ColumnType.TEXT, max_bytes=3),
        Column(name="dest", type=ColumnType.TEXT, max_bytes=3),
        Column(name="dep_delay", type=ColumnType.INTEGER, nullable=True, minimum=-1440, maximum=2880),
        Column(name="arr_delay", type=ColumnType.INTEGER, nullable=True, minimum=-1440, maximum=2880),
        Column(name="distance", type=ColumnType.INTEGER, minimum=1, maximum=12500),
    ),
    keys=(("time_hour", "carrier", "flight", "origin"),),
    rows=RowCount(minimum=1),
)
