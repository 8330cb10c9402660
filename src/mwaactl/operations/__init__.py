"""Day-2 work on an environment that runs: DAG runs, and the way to the UI."""
