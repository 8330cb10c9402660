"""What the DAG needs for pipelines of tenants."""
