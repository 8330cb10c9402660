"""A real Airflow per environment: Python packages, metadata database, components, DAGs and logs."""
