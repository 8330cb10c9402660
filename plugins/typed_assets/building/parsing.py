"""What Airflow reads a DAG file for: to know its DAGs, or to run one task.

The first Airflow asset with a URI costs a process up to 1.6 s (3.0.6), because Airflow then loads what all
providers say of URIs. A task needs its own assets only.
https://airflow.apache.org/docs/apache-airflow/stable/howto/dynamic-dag-generation.html
"""


def needs_task(dag_id: str, task_id: str) -> bool:
    """Whether a task must be whole here: it runs in this process, or all DAGs of the file are read."""
    from airflow.sdk import get_parsing_context

    wanted = get_parsing_context()
    return wanted.task_id is None or (wanted.dag_id, wanted.task_id) == (dag_id, task_id)


def needs_dag(dag_id: str) -> bool:
    """Whether a DAG must be there: one of its tasks runs in this process, or all of the file are read."""
    from airflow.sdk import get_parsing_context

    return get_parsing_context().dag_id in (None, dag_id)
