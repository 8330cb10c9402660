"""Assets with contracts, checks and partitions, as plain Airflow.

What an author writes becomes frozen values (`typed_assets.spec`, which imports no Airflow), and those become
ordinary operators with Airflow assets. Airflow must not load these files as plugins: it would put each of
them under its bare name into `sys.modules`. `plugins/.airflowignore` keeps it away; what Airflow shall load
stands beside this package.
"""
