"""An MWAA environment as its host knows it, for tests to vary."""

from mwaactl.emulator.mwaa.host import EnvironmentSpec


def environment_spec(name: str) -> EnvironmentSpec:
    """Return the smallest environment of a name: neither artifacts nor options, nothing logged."""
    return EnvironmentSpec(
        name=name,
        arn=f"arn:aws:airflow:us-east-1:123456789012:environment/{name}",
        airflow_version="3.3.1",
        region="us-east-1",
        account_id="123456789012",
        source_bucket=f"source-of-{name}",
        dags_path="dags",
        plugins=None,
        requirements=None,
        startup_script=None,
        config_options={},
        execution_role_arn=f"arn:aws:iam::123456789012:role/{name}",
        environment_class="mw1.small",
        log_levels={},
        web_url="http://localhost:1",
    )
