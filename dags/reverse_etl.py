"""From the warehouse back to where applications are: a mart to the lake as Parquet, and into DynamoDB.

- `lake` has the warehouse unload `mart.delay_by_carrier` (made by `nyc_flights_elt`) below
  `lake/reverse_etl/`.
- `serve` writes each carrier's row as an item of the table `pipelines.serving_table`, in batches; what the
  table would not take at once is sent again. Items have fixed keys, so a second run overwrites them with
  the same; an item that the mart no longer has is deleted.

Run it after `nyc_flights_elt`.
"""

from airflow.sdk import DAG, Asset, task

from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS

with DAG(
    dag_id="reverse_etl",
    description="A mart to the lake and to DynamoDB",
    doc_md=__doc__,
    schedule=None,
    tags=["reference", "reverse-etl"],
    default_args={**DEFAULTS, "owner": OWNERS[0]},
    **ARGUMENTS,
) as reverse_etl:

    @task(outlets=[Asset("reverse_etl.lake")])
    def lake() -> int:
        """Have the warehouse unload the mart; return how many rows it has."""
        from reference_pipelines.reverse_etl.carriers import unload
        from typed_assets.building.services import airflow_services

        return unload(airflow_services())

    @task(outlets=[Asset("reverse_etl.serving")])
    def serve() -> dict[str, int]:
        """Write the mart's rows to DynamoDB; return how many items were put and deleted."""
        from reference_pipelines.reverse_etl.carriers import serve as put
        from typed_assets.building.services import airflow_services

        return put(airflow_services())

    lake() >> serve()
