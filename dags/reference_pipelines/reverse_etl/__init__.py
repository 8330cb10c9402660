"""What the DAG needs for the way back out of the warehouse."""
