"""What runs inside the environment's own Python: Airflow and the standard library, nothing of mwaactl.

`main.py` is started as a script. It must run on every Python of a supported Airflow version, so no syntax
newer than 3.11; its neighbours are loaded by path, so that none of their names hides a module of the project.
"""
