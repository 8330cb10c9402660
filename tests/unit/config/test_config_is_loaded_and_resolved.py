from collections.abc import Callable
from pathlib import Path

import pytest

from mwaactl.config.environment import (
    AlarmsConfig,
    BudgetConfig,
    DeploymentConfig,
    ExistingVpc,
    NetworkConfig,
    SecretsConfig,
)
from mwaactl.config.load import Config, load_config, select_environment
from mwaactl.config.location import find_config
from mwaactl.errors import ConfigError

ROOT = Path(__file__).parents[3]
MINIMAL = """
project = "flights"
[environments.dev]
account = "111122223333"
region = "eu-west-1"
"""

type Load = Callable[[str], Config]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def write_and_load(text: str) -> Config:
        file = tmp_path / "mwaactl.toml"
        file.write_text(text, encoding="utf-8")
        return load_config(file)

    return write_and_load


def test_an_environment_that_says_little_gets_what_mwaa_would_choose(load: Load) -> None:
    dev = load(MINIMAL).environments["dev"]
    assert (dev.airflow_version, dev.environment_class) == ("3.3.1", "mw1.small")
    assert (dev.min_workers, dev.max_workers, dev.schedulers) == (1, 10, 2)
    assert (dev.min_webservers, dev.max_webservers) == (2, 2)
    assert dev.endpoint_url is None
    assert dev.maintenance_window is None
    assert dev.network == NetworkConfig("one", "10.192.0.0/16", ("a", "b", "c"))
    assert dev.availability_zones == ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    assert set(dev.log_levels) == {"DAGProcessing", "Scheduler", "Task", "WebServer", "Worker"}


def test_an_existing_vpc_is_taken_as_it_is_written(load: Load) -> None:
    dev = load(f"""{MINIMAL}
webserver_access_mode = "PRIVATE_ONLY"
[environments.dev.network]
nat = "none"
endpoint_management = "CUSTOMER"
boundary = "o-a1b2c3d4e5"
readable_buckets = ["open-data"]
webserver_clients = ["10.8.0.0/16"]
[environments.dev.network.vpc]
id = "vpc-0123456789abcdef0"
subnets = ["subnet-0000000a", "subnet-0000000b"]
warehouse_subnets = ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"]
owner = "444455556666"
""").environments["dev"]

    a, b, c = (f"subnet-0000000{letter}" for letter in "abc")
    assert dev.network == NetworkConfig(
        nat="none",
        cidr="10.192.0.0/16",
        zones=("a", "b", "c"),
        vpc=ExistingVpc("vpc-0123456789abcdef0", (a, b), (a, b, c), "444455556666"),
        endpoint_management="CUSTOMER",
        boundary="o-a1b2c3d4e5",
        readable_buckets=("open-data",),
        webserver_clients=("10.8.0.0/16",),
    )


def test_data_is_kept_and_tags_name_project_and_environment_until_the_file_says_otherwise(load: Load) -> None:
    dev = load(MINIMAL).environments["dev"]
    assert (dev.data, dict(dev.tags)) == ("keep", {"project": "flights", "environment": "dev"})

    said = load(f'{MINIMAL}data = "delete"\ntags = {{ environment = "development" }}').environments["dev"]
    assert (said.data, said.tags["environment"]) == ("delete", "development")


def test_a_byte_order_mark_is_no_part_of_the_file(load: Load) -> None:
    assert load("\ufeff" + MINIMAL).project == "flights"


def test_the_root_is_absolute_however_the_file_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mwaactl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path.parent)

    assert load_config(Path(tmp_path.name, "mwaactl.toml")).root == tmp_path


def test_counts_of_a_micro_environment_are_its_only_ones(load: Load) -> None:
    dev = load(MINIMAL + 'environment_class = "mw1.micro"').environments["dev"]
    assert (dev.min_workers, dev.max_workers, dev.schedulers) == (1, 1, 1)
    assert (dev.min_webservers, dev.max_webservers) == (1, 1)


def test_an_environment_wins_over_the_defaults_key_by_key(load: Load) -> None:
    config = load("""
project = "flights"
[defaults]
account = "111122223333"
region = "eu-west-1"
max_workers = 5
tags = { team = "data", stage = "none" }
airflow_config_options = { "core.default_task_retries" = 1, "core.parallelism" = 64 }
[defaults.network]
cidr = "10.1.0.0/16"
[defaults.log_levels]
task = "DEBUG"
worker = "OFF"
[environments.dev]
max_workers = 7
tags = { stage = "dev" }
airflow_config_options = { "core.default_task_retries" = 3 }
network = { nat = "per-zone" }
log_levels = { task = "ERROR" }
[environments.prod]
account = "444455556666"
""")
    dev, prod = config.environments["dev"], config.environments["prod"]
    assert (dev.max_workers, prod.max_workers) == (7, 5)
    assert dict(dev.tags) == {"project": "flights", "environment": "dev", "team": "data", "stage": "dev"}
    assert dict(prod.tags) == {**prod.names.tags, "team": "data", "stage": "none"}
    assert dict(dev.airflow_config_options) == {"core.default_task_retries": "3", "core.parallelism": "64"}
    assert dev.network == NetworkConfig("per-zone", "10.1.0.0/16", ("a", "b", "c"))
    assert dev.log_levels["Task"] == "ERROR"
    assert "Worker" not in dev.log_levels
    assert (dev.account, prod.account) == ("111122223333", "444455556666")


def test_options_may_be_written_with_dotted_keys_and_plain_values(load: Load) -> None:
    dev = load(
        MINIMAL + "[environments.dev.airflow_config_options]\ncore.lazy_load_plugins = false"
    ).environments
    assert dict(dev["dev"].airflow_config_options) == {"core.lazy_load_plugins": "False"}


def test_resolved_tables_cannot_be_changed(load: Load) -> None:
    dev = load(MINIMAL).environments["dev"]
    with pytest.raises(TypeError):
        dev.tags["a"] = "b"  # type: ignore[index]


def test_the_project_s_own_file_loads() -> None:
    config = load_config(find_config(Path(__file__)))
    assert config.root == ROOT
    assert (config.project, config.default_environment) == ("flights", "local")
    assert list(config.environments) == ["local", "dev", "prod"]
    assert config.environments["local"].endpoint_url == "http://127.0.0.1:4577"
    assert {each.airflow_version for each in config.environments.values()} == {"3.3.1"}


def test_the_file_is_found_from_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "mwaactl.toml").write_text(MINIMAL)
    below = tmp_path / "dags" / "lib"
    below.mkdir(parents=True)
    assert find_config(below) == (tmp_path / "mwaactl.toml").resolve()


def test_no_file_at_all_is_said_with_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="or above it") as caught:
        find_config(tmp_path)
    assert caught.value.code == "config.not-found"


TWO = (
    'default_environment = "dev"\n'
    + MINIMAL
    + '[environments.prod]\naccount="444455556666"\nregion="eu-west-1"\n'
)


@pytest.mark.parametrize(
    ("named", "environ", "chosen"),
    [
        (None, {}, "dev"),
        (None, {"MWAACTL_ENVIRONMENT": "prod"}, "prod"),
        ("dev", {"MWAACTL_ENVIRONMENT": "prod"}, "dev"),
        (None, {"MWAACTL_ENVIRONMENT": ""}, "dev"),
    ],
)
def test_the_command_line_wins_over_the_process_environment_and_that_over_the_file(
    load: Load, named: str | None, environ: dict[str, str], chosen: str
) -> None:
    assert select_environment(load(TWO), named, environ).environment == chosen


def test_a_variable_that_names_no_environment_is_named_itself(load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        select_environment(load(TWO), None, {"MWAACTL_ENVIRONMENT": "elsewhere"})

    assert caught.value.message == (
        "there is no environment `elsewhere`, which MWAACTL_ENVIRONMENT names, in `mwaactl.toml`"
    )


def test_an_unknown_environment_names_the_nearest_one(load: Load) -> None:
    with pytest.raises(ConfigError, match="no environment `prd`") as caught:
        select_environment(load(TWO), "prd", {})
    assert caught.value.hint == "did you mean `prod`?"


def test_no_environment_named_anywhere_lists_them(load: Load) -> None:
    with pytest.raises(ConfigError, match="no environment was named") as caught:
        select_environment(load(MINIMAL), None, {})
    assert caught.value.hint == "name one of `dev`"


def test_alarms_are_on_without_subscribers_and_a_budget_needs_an_amount(load: Load) -> None:
    dev = load(MINIMAL).environments["dev"]

    assert dev.alarms == AlarmsConfig(enabled=True, page_emails=(), warn_emails=(), thresholds={})
    assert dev.budget is None


def test_alarms_and_budget_of_the_environment_stand_over_those_of_the_defaults(load: Load) -> None:
    config = load(
        MINIMAL
        + """
tags = { stage = "dev" }
[environments.dev.alarms]
warn_emails = ["data@example.com"]
thresholds = { worker_cpu = 80 }
[environments.dev.budget]
tag = "stage"
[defaults.alarms]
page_emails = ["night@example.com"]
thresholds = { worker_cpu = 70, import_errors = 2.5 }
[defaults.budget]
monthly_usd = 700
"""
    ).environments["dev"]

    assert config.alarms.page_emails == ("night@example.com",)
    assert config.alarms.warn_emails == ("data@example.com",)
    assert config.alarms.thresholds == {"worker_cpu": 80, "import_errors": 2.5}
    assert config.budget == BudgetConfig(700, (), "stage")


def test_deployment_secrets_and_writers_are_merged_key_by_key_and_absent_by_default(load: Load) -> None:
    text = """
project = "flights"
[defaults]
account = "111122223333"
region = "eu-west-1"
deployment.repository = "shop/flights"
secrets.variables_prefix = "airflow/variables"
[environments.dev.deployment]
branch = "develop"
[environments.dev.writers]
dags = ["arn:aws:iam::111122223333:role/engineers*"]
[environments.prod]
"""
    dev, prod = (load(text).environments[name] for name in ("dev", "prod"))
    bare = load(MINIMAL + "[environments.prod]\naccount = '111122223333'\nregion = 'eu-west-1'\n")

    assert dev.deployment == DeploymentConfig(
        "shop/flights", "develop", "mwaactl", None, creates_stacks=False
    )
    assert prod.deployment == DeploymentConfig("shop/flights")
    assert dev.secrets == prod.secrets == SecretsConfig(None, "airflow/variables")
    assert (dev.writers.dags, prod.writers.dags) == (("arn:aws:iam::111122223333:role/engineers*",), ())
    assert bare.environments["prod"].deployment is None
    assert bare.environments["prod"].secrets is None
