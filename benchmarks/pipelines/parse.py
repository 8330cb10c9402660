"""Runs in Airflow's Python: parses DAG files of a folder and prints what it cost, as JSON.

`parse.py FOLDER DAG_ID FILE…`: with a DAG's id as a task's start does, with `-` as the dag processor does;
without files, all of the folder. The import of Airflow itself is not counted.
"""

import json
import os
import sys
import time
from pathlib import Path

import airflow.sdk  # noqa: F401 - what the dag processor imports ahead
from airflow.dag_processing.dagbag import DagBag

folder, dag_id, *files = sys.argv[1:]
if dag_id != "-":
    os.environ["_AIRFLOW_PARSING_CONTEXT_DAG_ID"] = dag_id
bag = DagBag(folder, collect_dags=False, bundle_path=Path(folder), bundle_name="bench")
started, wall = time.process_time(), time.perf_counter()
for file in files or sorted(path.name for path in Path(folder).glob("*.py")):
    bag.process_file(str(Path(folder, file)))
found = {
    "cpu": time.process_time() - started,
    "wall": time.perf_counter() - wall,
    "dags": len(bag.dags),
    "tasks": sum(len(dag.tasks) for dag in bag.dags.values()),
    "errors": list(bag.import_errors.values())[:1],
}
print(json.dumps(found))
