"""The DAG files, parsed by the Airflow that the environment runs, in its own Python.

`driver/` runs there and knows nothing of mwaactl; the rest builds that Python, feeds the driver and keeps
what it found.
"""
