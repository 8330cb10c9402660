"""What the DAG needs for files that are told of."""
