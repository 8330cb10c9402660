"""Names Redshift statements after the task instances that run them.

In the Redshift console and in `ListStatements` each statement then tells its DAG run and its try.
"""

from flights_plugin.plugin import FlightsPlugin
from flights_plugin.statement_names import statement_name

__all__ = ["FlightsPlugin", "statement_name"]
