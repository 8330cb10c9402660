"""What runs in the Python of Airflow 2, never in the emulator's own."""
