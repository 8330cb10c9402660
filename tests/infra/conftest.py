"""The stacks of every environment of mwaactl.toml, synthesised once for all tests."""

import dataclasses
from pathlib import Path

import pytest

from infra.app import add_stacks, new_app
from infra.compliance import hold_to_every_pack
from mwaactl.config.environment import DeploymentConfig, EnvironmentConfig, SecretsConfig, WritersConfig
from mwaactl.config.load import load_config
from tests.infra.network_configurations import in_existing_vpc, in_shared_vpc, with_customer_s_endpoints
from tests.infra.templates import SynthesisedEnvironment

PROJECT_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def project_root() -> Path:
    return PROJECT_ROOT


def synthesise(config: EnvironmentConfig, outdir: Path) -> SynthesisedEnvironment:
    """Synthesise an environment; a finding of any pack of cdk-nag or of our own rules raises RuntimeError."""
    app = new_app(outdir)
    add_stacks(app, config)
    hold_to_every_pack(app)
    app.synth()
    return SynthesisedEnvironment(config, outdir)


def configured(name: str) -> EnvironmentConfig:
    return load_config(PROJECT_ROOT / "mwaactl.toml").environments[name]


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    return synthesise(configured("local"), tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    return synthesise(configured("dev"), tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    return synthesise(configured("prod"), tmp_path_factory.mktemp("prod"))


@pytest.fixture(scope="session")
def continuous(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    """The emulator's environment with all that is off by default about permissions."""
    config = dataclasses.replace(
        configured("local"),
        deployment=DeploymentConfig("organisation/flights", creates_stacks=True),
        secrets=SecretsConfig("airflow/connections", "airflow/variables"),
        writers=WritersConfig(
            ("arn:aws:iam::123456789012:role/dag_writer",),
            ("arn:aws:iam::123456789012:role/artifact_writer", "arn:aws:iam::123456789012:role/deploy*"),
        ),
    )
    return synthesise(config, tmp_path_factory.mktemp("continuous"))


@pytest.fixture(scope="session")
def without_nat(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    """An environment without a way out, with two of its kinds of logs switched off."""
    config = configured("dev")
    quiet = dataclasses.replace(
        config,
        network=dataclasses.replace(config.network, nat="none"),
        log_levels={"Task": "INFO", "Scheduler": "DEBUG", "DAGProcessing": "ERROR"},
    )
    return synthesise(quiet, tmp_path_factory.mktemp("without_nat"))


@pytest.fixture(scope="session")
def customer(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    return synthesise(with_customer_s_endpoints(configured("dev")), tmp_path_factory.mktemp("customer"))


@pytest.fixture(scope="session")
def existing(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    return synthesise(in_existing_vpc(configured("dev")), tmp_path_factory.mktemp("existing"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    return synthesise(in_shared_vpc(configured("dev")), tmp_path_factory.mktemp("shared"))
