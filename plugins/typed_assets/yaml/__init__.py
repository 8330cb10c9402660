"""Pipelines written in YAML: files in, pipelines or named mistakes out; neither Airflow nor AWS."""
