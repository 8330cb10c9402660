"""What the DAG needs for weather by hours and days."""
