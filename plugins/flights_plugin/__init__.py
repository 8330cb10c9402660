"""Names Redshift statements after the task instances that run them.

In the Redshift console and in `ListStatements` each statement then tells its DAG run and its try. Airflow
loads every file of the plugins folder by itself: the plugin class stands in `plugin.py` and is not imported
here, or Airflow would meet it twice.
"""
