"""Amazon MWAA, emulated: its API, its status machine and the web server in front of a real Airflow."""
