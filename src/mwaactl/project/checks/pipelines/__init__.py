"""Rules about how pipelines are written, from the syntax of their files: Airflow is never imported."""
