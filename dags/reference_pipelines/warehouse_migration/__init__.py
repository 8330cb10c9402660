"""What the DAG needs for the migration between schemas."""
