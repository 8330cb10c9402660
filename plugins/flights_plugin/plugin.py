"""What Airflow loads from the plugins folder."""

from airflow.plugins_manager import AirflowPlugin

from flights_plugin.statement_names import statement_name


class FlightsPlugin(AirflowPlugin):
    """Offers `{{ macros.flights_plugin.statement_name(ti) }}` to templates."""

    name = "flights_plugin"
    macros = [statement_name]  # noqa: RUF012 - Airflow's interface
