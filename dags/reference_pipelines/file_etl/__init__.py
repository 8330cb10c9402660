"""What the DAG needs for files that are cleaned one by one."""
