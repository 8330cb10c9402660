"""The web server of one environment: sign-in, the CLI route, and all the rest passed through to Airflow."""
