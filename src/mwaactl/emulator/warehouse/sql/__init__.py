"""Redshift's SQL, and how DuckDB runs it."""
