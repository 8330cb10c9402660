"""What the DAG needs for a paged API."""
