"""Assets made in process, beside Dagster."""
