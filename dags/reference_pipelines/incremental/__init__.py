"""What the DAG needs for the incremental load."""
