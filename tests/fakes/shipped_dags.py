"""The DAGs that this repository ships."""

from pathlib import Path

TENANTS = Path(__file__).parents[2] / "dags/reference_pipelines/tenants/_tenants.yaml"
OTHERS = (
    "api_ingest",
    "delay_model",
    "flights_by_file",
    "flights_incremental",
    "nyc_flights_elt",
    "reverse_etl",
    "warehouse_migration",
    "weather_daily",
    "weather_daily__partitions",  # not on Airflow 3.2
    "weather_hourly",
    "weather_on_arrival",
    "weather_quality_gate",
    "weather_report",
)


def shipped_dags() -> list[str]:
    """The ids of all, in order: 200 tenants' and the others; the router is there where it has a queue."""
    lines = TENANTS.read_text(encoding="utf-8").splitlines()
    return sorted([*OTHERS, *(f"tenant_{line[2:]}" for line in lines if line.startswith("- "))])
