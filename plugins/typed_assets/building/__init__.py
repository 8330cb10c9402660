"""Pipelines as plain Airflow: DAGs with ordinary operators and Airflow assets."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typed_assets.authoring.drafts import Draft
    from typed_assets.spec.pipelines import Pipeline


def build(pipeline: "Pipeline | Draft") -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return the DAG of a pipeline.

    Raises:
        SpecError: the pipeline is not good, or needs what this version of Airflow lacks.
    """
    from typed_assets.building.dags import dag_of
    from typed_assets.spec.pipelines import Pipeline

    return dag_of(pipeline if isinstance(pipeline, Pipeline) else pipeline.spec)
