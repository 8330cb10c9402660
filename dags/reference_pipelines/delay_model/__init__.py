"""What the DAG needs for the model of delays."""
