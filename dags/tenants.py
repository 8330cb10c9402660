"""200 DAGs of one YAML file: the logbook of each tenant's aircraft.

What a tenant's DAG does stands in `reference_pipelines/tenants/logbooks.yaml`, who the tenants are in
`_tenants.yaml` beside it. When a task starts, Airflow parses this file for the one DAG of that task, and only
that one is read and made.
"""

from typed_assets.loading import load_pipelines

load_pipelines(globals(), "reference_pipelines/tenants", mistakes_in="tenants_mistakes.py")
