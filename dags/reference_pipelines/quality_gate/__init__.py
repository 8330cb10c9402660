"""What the DAG needs for the quality gate."""
