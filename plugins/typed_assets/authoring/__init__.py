"""Pipelines in Python: decorators that make frozen values of functions. Imports neither Airflow nor boto3."""
