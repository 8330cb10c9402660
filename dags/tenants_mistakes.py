"""Shows what is wrong with the tenants' YAML file as an import error of Airflow; makes no DAG of its own."""

from typed_assets.loading import report_mistakes

report_mistakes(globals(), "reference_pipelines/tenants")
