"""Facts about Amazon MWAA as dated data: each file in data/ says where its facts come from and when.

Versions are rows, never code: a new Airflow version is a row in `versions.toml` and a file in `pins/`.
"""
