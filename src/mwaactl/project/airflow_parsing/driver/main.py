"""Parses DAG files with Airflow's own DagBag, each in a process of its own, and writes what it finds.

Usage: python main.py JOB, where JOB is a JSON file (see `staging.py` beside this folder); the output is one
JSON document a line. It ends at once, with everything it started, when its standard input is closed.
"""

import gc
import importlib.util
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any


def _neighbour(name: str) -> Any:  # noqa: ANN401  a module
    spec = importlib.util.spec_from_file_location(f"_mwaactl_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def main(job_file: str) -> None:
    """Do what a job asks for."""
    _neighbour("parentage").end_with_parent()
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as results:
        os.dup2(2, 1)  # what Airflow and plugins print is no result
        sys.path[0:1] = []  # this folder
        _run(
            job,
            lambda found: print(json.dumps(found), file=results, flush=True),
            lambda: os.close(results.fileno()),
        )


def _run(job: dict[str, Any], report: Any, leave: Any) -> None:  # noqa: ANN401  functions
    """Do the job; `leave` keeps a process that runs a DAG file from what only this one may write to."""
    processes, sampling, seconds = (
        _neighbour("processes"),
        _neighbour("sampling"),
        _neighbour("clock").seconds,
    )
    guard = _neighbour("watch").Guard(job["roots"], job["database"])
    sys.modules["_mwaactl_secrets"] = guard.secrets_module()
    try:
        airflow = _neighbour("airflow_files")
        listed = airflow.list_files(job["dags"])
    except BaseException:  # noqa: BLE001  airflow_local_settings.py is the user's and may raise anything
        report({"kind": "failed", "text": traceback.format_exc()})
        return
    report({"kind": "listed", "files": listed})
    wanted = [path for path in listed if path not in set(job["known"])]
    limit = airflow.process_timeout()
    parentage = _neighbour("parentage")
    parentage.adopt_orphans()

    def begin() -> None:
        parentage.end_with_parent()
        leave()

    pool = processes.Processes(job, guard, lambda: sampling.Sampler(guard.roots, seconds), begin)
    if wanted:
        pool.run([("plugins", airflow.check_plugins)], limit, report)
        airflow.import_ahead(job["dags"], wanted)
        work = [(path, airflow.parser(job, path, seconds)) for path in wanted]
        pool.run(work[:1], limit, report)
        airflow.import_modules(pool.modules)
        gc.freeze()
        pool.run(work[1:], limit, report)
        slow = [path for path, seconds in pool.seconds.items() if seconds > job["budget"]]
        pool.sample([(path, airflow.parser(job, path, seconds)) for path in slow], limit, report)
    parentage.end_descendants()
    report({"kind": "done"})


if __name__ == "__main__":
    main(sys.argv[1])
