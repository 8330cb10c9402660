"""The marts: what a row of each must be, and of which raw tables it is made."""

from nyc_flights.landing import DATASET
from nyc_flights.sql_files import rules
from reference_pipelines.settings import OWNERS
from typed_assets import Asset, Check, Column, ColumnType, Contract, Dependency, RowCount

DAY = 1440  # minutes


def _text(name: str, max_bytes: int, *, unique: bool = False, nullable: bool = False) -> Column:
    return Column(name=name, type=ColumnType.TEXT, max_bytes=max_bytes, unique=unique, nullable=nullable)


def _count(name: str, least: int) -> Column:
    return Column(name=name, type=ColumnType.INTEGER, minimum=least)


def _delay(name: str) -> Column:
    return Column(
        name=name,
        type=ColumnType.FLOAT,
        nullable=True,
        minimum=-DAY,
        maximum=DAY,
        description="Minutes; missing where no flight left, or arrived",
    )


DELAY_BY_CARRIER = Contract(
    columns=(
        _text("carrier", 2, unique=True),
        _text("carrier_name", 100),
        _count("flights", 1),
        _count("cancelled", 0),
        _delay("average_departure_delay"),
        _delay("average_arrival_delay"),
        Column(name="percent_late", type=ColumnType.FLOAT, nullable=True, minimum=0, maximum=100),
    ),
    rows=RowCount(minimum=1),
    rules=rules("flights_belong_to_known_airlines", "flights_add_up", "no_more_cancelled_than_scheduled"),
)
DELAY_BY_ROUTE = Contract(
    columns=(
        _text("origin", 3),
        _text("dest", 3),
        _text("dest_name", 100, nullable=True),
        Column(name="distance", type=ColumnType.INTEGER, minimum=1, maximum=12500, description="Miles"),
        _count("flights", 1),
        _count("cancelled", 0),
        _delay("average_departure_delay"),
        _delay("average_arrival_delay"),
    ),
    rows=RowCount(minimum=1),
    rules=rules("flights_start_from_known_airports", "routes_are_listed_once", "flights_add_up"),
)
DELAY_BY_WEATHER = Contract(
    columns=(
        _text("weather", 20, unique=True),
        _count("flights", 1),
        _count("cancelled", 0),
        _delay("average_departure_delay"),
    ),
    rows=RowCount(minimum=1),
    rules=rules("flights_add_up"),
)
DISTANCES = Check(
    name="distances_are_great_circles",
    run="nyc_flights.checks:distances_are_great_circles",
    description="The stated distance of a route is the one between its airports",
)


def _mart(name: str, contract: Contract, description: str, *made_of: str, checks: tuple[Check, ...]) -> Asset:
    return Asset(
        name=f"{DATASET}.mart.{name}",
        uri=f"redshift://{{warehouse_workgroup}}/{{warehouse_database}}/mart/{name}",
        owners=OWNERS,
        group=DATASET,
        description=description,
        contract=contract,
        checks=checks,
        upstream=tuple(Dependency(f"{DATASET}.raw.{table}") for table in made_of),
    )


MARTS = (
    _mart(
        "delay_by_carrier",
        DELAY_BY_CARRIER,
        "How late each airline's flights are.",
        "flights",
        "airlines",
        checks=(),
    ),
    _mart(
        "delay_by_route",
        DELAY_BY_ROUTE,
        "How late flights between two airports are.",
        "flights",
        "airports",
        checks=(DISTANCES,),
    ),
    _mart(
        "delay_by_weather",
        DELAY_BY_WEATHER,
        "How late flights leave in which weather.",
        "flights",
        "weather",
        checks=(),
    ),
)
