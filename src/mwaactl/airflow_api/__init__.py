"""Airflow's stable REST API, reached through MWAA's InvokeRestApi: v2 for Airflow 3, v1 for Airflow 2."""
