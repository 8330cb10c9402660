"""What assets and pipelines are: frozen values without Airflow, boto3 or any effect."""
