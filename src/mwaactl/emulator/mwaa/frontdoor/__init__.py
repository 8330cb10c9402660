"""The web server of one environment: sign-in, the CLI route, and everything else passed through to Airflow."""
