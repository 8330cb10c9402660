from collections.abc import Callable
from pathlib import Path

import pytest

from mwaactl.config.load import load_config
from mwaactl.errors import ConfigError, ConfigProblem

HEAD = 'project = "flights"\n[environments.dev]\naccount = "111122223333"\nregion = "eu-west-1"\n'

VPC = """
[environments.dev.network.vpc]
id = "vpc-0123456789abcdef0"
subnets = ["subnet-0000000a", "subnet-0000000b"]
warehouse_subnets = ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"]
"""

type Refuse = Callable[[str], ConfigError]


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    def load_and_catch(text: str) -> ConfigError:
        file = tmp_path / "mwaactl.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_config(file)
        return caught.value

    return load_and_catch


def _only(error: ConfigError) -> ConfigProblem:
    (problem,) = error.problems
    return problem


def test_unknown_key_names_the_nearest_key(refuse: Refuse) -> None:
    error = refuse(HEAD + 'airflow_vesion = "3.3.1"')
    assert (
        error.message
        == "`environments.dev.airflow_vesion` in `mwaactl.toml` is not a key of the configuration"
    )
    assert error.hint == "did you mean `airflow_version`?"
    assert error.code == "config.unknown-key"


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ('defualts = {}\nproject = "x"\nenvironments.a = {}', "defualts", "did you mean `defaults`?"),
        (HEAD + "[defaults]\nregoin = 1", "defaults.regoin", "did you mean `region`?"),
        (HEAD + "network = { cdir = 1 }", "environments.dev.network.cdir", "did you mean `cidr`?"),
        (HEAD + VPC + 'ownr = "1"', "environments.dev.network.vpc.ownr", "did you mean `owner`?"),
        (HEAD + "log_levels.tsk = 'INFO'", "environments.dev.log_levels.tsk", "did you mean `task`?"),
    ],
)
def test_an_unknown_key_is_found_at_every_depth(refuse: Refuse, text: str, key: str, hint: str) -> None:
    problem = _only(refuse(text))
    assert (problem.key, problem.hint) == (key, hint)


def test_a_syntax_error_names_the_line(refuse: Refuse) -> None:
    error = refuse('project = "flights"\n[environments\n')
    assert error.code == "config.syntax"
    assert "line 2" in error.message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "mwaactl.toml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mwaactl.toml"
    file.write_bytes(HEAD.encode("utf-16"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(file)


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("eu-wst-1", "did you mean `eu-west-1`?"),
        ("us-est-1", "did you mean `us-east-1` or `us-west-1`?"),
        ("us-eastt-2", "did you mean `us-east-2`?"),
        ("uss-east-1", None),
        ("ue-west-1", "did you mean `eu-west-1` or `me-west-1` or `us-west-1`?"),
        ("ap-south-east-2", "did you mean `ap-southeast-2`?"),
    ],
)
def test_a_region_with_a_letter_too_few_or_too_many_names_the_nearest(
    refuse: Refuse, region: str, hint: str | None
) -> None:
    problem = _only(refuse(HEAD.replace("eu-west-1", region)))
    assert problem.key == "environments.dev.region"
    assert problem.hint == hint
    if hint:
        assert problem.message == f"is `{region}`, which is no region of AWS"


@pytest.mark.parametrize("region", ["eu-west-1", "eu-north-2", "me-northwest-1"])
def test_a_region_of_today_or_one_that_may_open_tomorrow_is_taken(tmp_path: Path, region: str) -> None:
    file = tmp_path / "mwaactl.toml"
    file.write_text(HEAD.replace("eu-west-1", region), encoding="utf-8")
    assert load_config(file).environments["dev"].region == region


def test_several_problems_are_all_told_at_once(refuse: Refuse) -> None:
    error = refuse(HEAD + 'max_workers = "5"\nregoin = "x"')
    assert len(error.problems) == 2
    assert error.message.splitlines() == [
        "`mwaactl.toml` has 2 problems",
        '  `environments.dev.max_workers` is `"5"`, but must be a whole number',
        "  `environments.dev.regoin` is not a key of the configuration (did you mean `region`?)",
    ]


def test_a_missing_account_is_named_for_the_environment_that_misses_it(refuse: Refuse) -> None:
    error = refuse('project = "flights"\n[defaults]\nregion = "eu-west-1"\n[environments.dev]\n')
    assert _only(error) == ConfigProblem("environments.dev.account", "is missing", None, "config.missing")


def test_a_default_environment_that_does_not_exist_is_refused(refuse: Refuse) -> None:
    problem = _only(refuse('default_environment = "def"\n' + HEAD))
    assert (problem.key, problem.hint) == ("default_environment", "did you mean `dev`?")


def test_what_is_wrong_in_the_defaults_is_told_once_and_there(refuse: Refuse) -> None:
    error = refuse(
        'project = "flights"\n[defaults]\naccount = "111122223333"\nregion = "eu-west-1"\n'
        'airflow_version = "3.3.3"\n[environments.dev]\n[environments.prod]\n'
    )
    problem = _only(error)
    assert problem.key == "defaults.airflow_version"
    assert problem.hint == "did you mean `3.3.1`?"


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ('airflow_version = "3.3.2"', "airflow_version", "Amazon MWAA does not offer"),
        ('airflow_version = "2.11.0"', "airflow_version", "mwaactl does not support"),
        ('environment_class = "mw1.huge"', "environment_class", "does not exist"),
        ("min_workers = 6\nmax_workers = 5", "min_workers", "more than `max_workers`, which is 5"),
        ("max_workers = 51", "max_workers", "1 to 50"),
        ("max_workers = 0", "max_workers", "1 or more"),
        ("schedulers = 1", "schedulers", "2 to 5"),
        ("schedulers = 6", "schedulers", "2 to 5"),
        ("min_webservers = 4", "min_webservers", "more than `max_webservers`, which is 2"),
        ("max_webservers = 6", "max_webservers", "2 to 5"),
        ('environment_class = "mw1.micro"\nmax_workers = 2', "max_workers", "exactly 1"),
        ('environment_class = "mw1.micro"\nschedulers = 2', "schedulers", "exactly 1"),
        ('webserver_access_mode = "OPEN"', "webserver_access_mode", "not a choice"),
        (
            'running_airflow_version = "2.11"',
            "running_airflow_version",
            "an Airflow version such as `2.11.2`",
        ),
        ('maintenance_window = "SUN:03:15"', "maintenance_window", "full or half hour"),
        ('maintenance_window = "sun:03:30"', "maintenance_window", "full or half hour"),
        ('log_levels.task = "LOUD"', "log_levels.task", "not a choice"),
        ('endpoint_url = "localhost:4577"', "endpoint_url", "must be an address"),
        ('endpoint_url = "http://localhost:99999"', "endpoint_url", "must be an address"),
        ('endpoint_url = "http://localhost:x"', "endpoint_url", "must be an address"),
        ('endpoint_url = "http://[::1"', "endpoint_url", "must be an address"),
        ('endpoint_url = "http://localhost:4577/api"', "endpoint_url", "without a path"),
        ('endpoint_url = "http://dora:hunter2@localhost:4577"', "endpoint_url", "holds a login"),
        ('network.cidr = "10.0.0.1/16"', "network.cidr", "has host bits set"),
        ('network.cidr = "10.0.0.0/28"', "network.cidr", "between /16 and /24"),
        ('network.nat = "two"', "network.nat", "not a choice"),
        ('network.zones = ["a", "b", "a"]', "network.zones", "names zone `a` more than once"),
        ('network.zones = ["a"]', "network.zones", "a list of 1, but must be the letters of two or three"),
        ('network.zones = ["a", "b", "c", "d"]', "network.zones", "a list of 4, but must be"),
        ('network.zones = ["a", "b", "c1"]', "network.zones.2", "the letter of an availability zone"),
        ('network.zones = "abc"', "network.zones", "must be a list"),
        ('network.zones = ["a", "b"]', "network.zones", "Redshift Serverless takes 3 in eu-west-1"),
        ('network.boundary = "o-1"', "network.boundary", "an organisation such as `o-a1b2c3d4e5`"),
        ('network.readable_buckets = ["Data"]', "network.readable_buckets.0", "the name of a bucket"),
        ('network.webserver_clients = ["0.0.0.0/0"]', "network.webserver_clients.0", "everybody's address"),
        ('network.webserver_clients = ["vpn"]', "network.webserver_clients.0", "an IPv4 range such as"),
        ('network.webserver_clients = ["10.0.0.0/8"]', "network.webserver_clients", "is `PUBLIC_ONLY`"),
        ('network.endpoint_management = "MINE"', "network.endpoint_management", "not a choice"),
        ('tags."aws:x" = "1"', "tags.aws:x", "keeps for itself"),
        ('tags."a#b" = "1"', "tags.a#b", "not a tag key"),
        ('tags.a = ""', "tags.a", "does not take"),
    ],
)
def test_what_mwaa_refuses_is_refused_with_its_key(refuse: Refuse, line: str, key: str, said: str) -> None:
    problem = _only(refuse(HEAD + line))
    assert problem.key == f"environments.dev.{key}"
    assert said in problem.message
    assert "hunter2" not in problem.message


@pytest.mark.parametrize(
    ("right", "wrong", "key", "said"),
    [
        ('"vpc-0123456789abcdef0"', '"vpc"', "vpc.id", "is `vpc`, but must be the id of a VPC"),
        ("\nsubnets", "\nowned", "vpc.subnets", "is missing"),
        ('subnets = ["subnet-0000000a", ', "subnets = [", "vpc.subnets", "a list of 2 different subnets"),
        ("0000000c", "0000000b", "vpc.warehouse_subnets", "a list of 3 different subnets"),
        ("\nid", '\nowner = "444455556666"\nid', "endpoint_management", "that another account owns"),
    ],
)
def test_an_existing_vpc_is_named_in_full(
    refuse: Refuse, right: str, wrong: str, key: str, said: str
) -> None:
    problem = refuse(HEAD + VPC.replace(right, wrong, 1)).problems[0]
    assert problem.key == f"environments.dev.network.{key}"
    assert said in problem.message


@pytest.mark.parametrize(
    ("account", "region"),
    [
        ("12345678901", "eu-west-1"),
        ("1234567890123", "eu-west-1"),
        ("١٢٣٤٥٦٧٨٩٠١٢", "eu-west-1"),
        ("1" * 12, "eu-west"),
    ],
)
def test_an_account_has_twelve_digits_and_a_region_a_number(
    refuse: Refuse, account: str, region: str
) -> None:
    problem = _only(refuse(f'project = "x"\n[environments.dev]\naccount = "{account}"\nregion = "{region}"'))
    assert problem.key in ("environments.dev.account", "environments.dev.region")


def test_a_file_without_environments_says_what_is_expected(refuse: Refuse) -> None:
    problem = _only(refuse('project = "x"\n[environments]\n'))

    assert problem.message == "is `{}`, but must be a table with one environment or more"


def test_the_region_with_two_zones_takes_two(tmp_path: Path, refuse: Refuse) -> None:
    california = HEAD.replace("eu-west-1", "us-west-1")
    file = tmp_path / "mwaactl.toml"
    file.write_text(california + 'network.zones = ["a", "c"]')

    assert load_config(file).environments["dev"].availability_zones == ("us-west-1a", "us-west-1c")
    assert "takes 2 in us-west-1" in _only(refuse(california)).message


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-isob-east-1"])
def test_a_region_of_another_partition_is_refused(refuse: Refuse, region: str) -> None:
    problem = _only(refuse(HEAD.replace("eu-west-1", region)))

    assert problem.key == "environments.dev.region"
    assert "partition `aws`" in problem.message


@pytest.mark.parametrize("name", ["Flights", "flights_eu", "9lives", "a--b", "flights-", ""])
def test_a_project_name_must_fit_into_a_bucket_name(refuse: Refuse, name: str) -> None:
    assert _only(refuse(HEAD.replace("flights", name))).key == "project"


def test_a_name_that_makes_a_bucket_name_too_long_is_refused_with_the_excess(refuse: Refuse) -> None:
    problem = _only(refuse(HEAD.replace("flights", "a" * 32)))
    assert problem.key == "environments.dev"
    assert problem.message.endswith("too long for a bucket by 3")


def test_the_longest_name_that_fits_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "mwaactl.toml"
    file.write_text(HEAD.replace("flights", "a" * 29))
    assert len(load_config(file).environments["dev"].names.source_bucket) == 63


def test_too_many_tags_are_refused(refuse: Refuse) -> None:
    tags = "\n".join(f't{number} = "x"' for number in range(49))
    assert "51 tags" in _only(refuse(f"{HEAD}[environments.dev.tags]\n{tags}")).message


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ('"core.multi_team" = true', "config.blocked-option"),
        ('"triggerer.queues_enabled" = true', "config.blocked-option"),
        ('"core.fernet_key" = "x"', "config.forced-option"),
        ('"core.fernet_key_secret" = "hunter2"', "config.forced-option"),
        ('"database.sql_alchemy_conn_cmd" = "cat /hunter2"', "config.forced-option"),
        ('"core.dags_folder" = "/usr/local/airflow/other"', "config.fixed-option"),
        ('"core.plugins_folder" = "/usr/local/airflow/other"', "config.fixed-option"),
        ('"smtp.smtp_password" = "hunter2"', "config.secret-option"),
        ('"sentry.sentry_dsn" = "https://hunter2@sentry.io/1"', "config.secret-option"),
        ('"celery.flower_basic_auth" = "dora:hunter2"', "config.secret-option"),
        ('"smtp.smtp_password_cmd" = "echo hunter2"', "config.secret-option"),
        ('"my_plugin.api_token" = "hunter2"', "config.secret-option"),
        ('"my_plugin.client_secret" = "hunter2"', "config.secret-option"),
        ('"my_plugin.warehouse" = "postgresql://dora:hunter2@db.internal/dwh"', "config.secret-option"),
        ('"my_plugin.warehouse" = "host=db user=dora password=hunter2"', "config.secret-option"),
        ('"database.sql_alchemy_engine_args" = \'{"password": "hunter2"}\'', "config.secret-option"),
        ('"secrets.backend_kwargs" = \'{"auth": [{"secretId": "hunter2"}]}\'', "config.secret-option"),
        ('"secrets.backend_kwargs" = "{not json"', "config.invalid"),
        ('"celery.worker_autoscale" = "5"', "config.invalid"),
        ('"celery.worker_autoscale" = "2,5"', "config.invalid"),
        ('"Core.parallelism" = "5"', "config.invalid"),
        ('"parallelism" = "5"', "config.invalid"),
        ('"core.x" = ""', "config.invalid"),
        ('"core.x" = "naïve"', "config.invalid"),
        ('"core.x" = ["a"]', "config.invalid"),
    ],
)
def test_options_that_mwaa_refuses_or_overwrites_are_refused(refuse: Refuse, option: str, code: str) -> None:
    problem = _only(refuse(f"{HEAD}[environments.dev.airflow_config_options]\n{option}"))
    assert problem.code == code
    assert problem.key.startswith("environments.dev.airflow_config_options.")
    assert "hunter2" not in problem.message


@pytest.mark.parametrize(
    ("version", "option", "hint"),
    [
        (
            "2.11.2",
            "smtp.smtp_password",
            "name a secret of AWS Secrets Manager in `smtp.smtp_password_s",
        ),
        (
            "3.3.1",
            "smtp.smtp_password",
            "keep it in AWS Secrets Manager as an Airflow connection",
        ),
        ("3.3.1", "sentry.sentry_dsn", "name a secret of AWS Secrets Manager in `sentry.sentry_dsn_secret`"),
    ],
)
def test_the_way_to_secrets_manager_is_the_one_that_airflow_knows(
    refuse: Refuse, version: str, option: str, hint: str
) -> None:
    text = (
        f'{HEAD}airflow_version = "{version}"\n[environments.dev.airflow_config_options]\n"{option}" = "x1"'
    )
    problem = _only(refuse(text))
    assert problem.message == "is a secret, and this file is under version control"
    assert (problem.hint or "").startswith(hint)


@pytest.mark.parametrize(
    "option",
    [
        '"smtp.smtp_password_secret" = "smtp/password"',
        '"smtp.smtp_password_cmd" = "aws secretsmanager get-secret-value --secret-id smtp"',
        '"my_plugin.api_token_secret" = "my-plugin/token"',
        '"secrets.backend_kwargs" = \'{"sep": "/", "extra_conn_words": {"password": ["pw"]}}\'',
        '"logging.min_length_masked_secret" = 5',
        '"my_plugin.use_token" = true',
        '"my_plugin.token_url" = "https://login.example.org/token"',
        '"kerberos.keytab" = "/usr/local/airflow/dags/x"',
    ],
)
def test_options_that_only_speak_of_secrets_are_taken(tmp_path: Path, option: str) -> None:
    file = tmp_path / "mwaactl.toml"
    file.write_text(
        f'{HEAD}airflow_version = "2.11.2"\n[environments.dev.airflow_config_options]\n{option}',
        encoding="utf-8",
    )
    assert len(load_config(file).environments["dev"].airflow_config_options) == 1


@pytest.mark.parametrize(
    "value", ['["hunter2"]', '{ a = ["hunter2"] }', "1979-05-27", '{ a = { b = "hunter2" } }']
)
def test_an_option_of_another_type_is_refused_without_showing_it(refuse: Refuse, value: str) -> None:
    error = refuse(f"{HEAD}[environments.dev.airflow_config_options]\nsmtp = {value}")
    assert "must be text in quotes" in error.message
    assert "hunter2" not in f"{error.message} {error.__cause__}"


def test_an_option_of_the_defaults_is_found_in_the_defaults(refuse: Refuse) -> None:
    error = refuse(f'{HEAD}[defaults.airflow_config_options]\ncore.fernet_key = "x"')
    assert _only(error).key == "defaults.airflow_config_options.core.fernet_key"


def test_both_ways_in_need_airflow_3_2_1(refuse: Refuse) -> None:
    line = 'airflow_version = "3.0.6"\nwebserver_access_mode = "PUBLIC_AND_PRIVATE"'
    assert "needs Airflow 3.2.1 or newer, not 3.0.6" in _only(refuse(HEAD + line)).message


def test_workers_of_airflow_3_must_be_able_to_reach_a_public_web_server(refuse: Refuse) -> None:
    problem = _only(refuse(HEAD + 'webserver_access_mode = "PUBLIC_ONLY"\nnetwork.nat = "none"'))
    assert problem.message == (
        "is `PUBLIC_ONLY` without a NAT gateway: workers of Airflow 3.3.1 could not reach the web server, "
        "and every task would fail"
    )
    assert problem.hint == "set `nat` to `one` or `per-zone`, or use `PUBLIC_AND_PRIVATE` or `PRIVATE_ONLY`"


def test_workers_of_airflow_2_need_no_way_to_it(tmp_path: Path) -> None:
    file = tmp_path / "mwaactl.toml"
    file.write_text(HEAD + 'airflow_version = "2.11.2"\nnetwork.nat = "none"')
    assert load_config(file).environments["dev"].webserver_access_mode == "PUBLIC_ONLY"


@pytest.mark.parametrize(
    ("text", "key", "message", "hint"),
    [
        (
            "alarms.thresholds.worker_cpus = 3",
            "alarms.thresholds.worker_cpus",
            "is not the name of an alarm",
            "did you mean `worker_cpu`?",
        ),
        ("alarms.enabled = 1", "alarms.enabled", "is `1`, but must be true or false", None),
        (
            "alarms.page_emails = ['nobody']",
            "alarms.page_emails.0",
            "is `nobody`, but must be an e-mail address",
            None,
        ),
        (
            "alarms.thresholds.worker_cpu = 'high'",
            "alarms.thresholds.worker_cpu",
            'is `"high"`, but must be a number',
            None,
        ),
        ("alarms.emails = []", "alarms.emails", "is not a key of the configuration", "did you mean"),
        ("budget.monthly_usd = 0", "budget.monthly_usd", "is `0`, but must be more than 0", None),
        ("budget.emails = ['a@example.com']", "budget.monthly_usd", "is missing", None),
        (
            "budget = { monthly_usd = 9, tag = 'stage' }\ntags.stge = 'x'",
            "budget.tag",
            "is `stage`, which is none of the environment's tags",
            "did you mean `stge`?",
        ),
    ],
)
def test_a_wrong_alarm_or_budget_is_named(
    refuse: Refuse, text: str, key: str, message: str, hint: str | None
) -> None:
    problem = _only(refuse(HEAD + text))

    assert (problem.key, problem.message) == (f"environments.dev.{key}", message)
    assert hint is None or (problem.hint or "").startswith(hint)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('deployment.branch = "main"', "deployment.repository", "is missing"),
        ('deployment = { repository = "a" }', "deployment.repository", "must be a repository on GitHub"),
        ('deployment = { repository = "a/*" }', "deployment.repository", "must be a repository on GitHub"),
        ('deployment = { repository = "a/b", branch = "*" }', "deployment.branch", "without wildcards"),
        ('secrets.connections_prefix = ""', "secrets.connections_prefix", "must be a prefix"),
        ('secrets.variables_prefix = "*"', "secrets.variables_prefix", "must be a prefix"),
        ('secrets.variables_prefix = "airflow/"', "secrets.variables_prefix", "must be a prefix"),
        ('writers.dags = ["*"]', "writers.dags.0", "must be the ARN of a role or a user"),
        ('writers.dags = ["arn:aws:iam::1111:role/a"]', "writers.dags.0", "must be the ARN"),
    ],
)
def test_what_would_open_too_much_is_refused(refuse: Refuse, text: str, key: str, said: str) -> None:
    problem = _only(refuse(HEAD + text))

    assert problem.key == f"environments.dev.{key}"
    assert said in problem.message


@pytest.mark.parametrize("option", ["secrets.backend", "secrets.backend_kwargs"])
def test_the_secrets_backend_is_said_once(refuse: Refuse, option: str) -> None:
    text = f'airflow_config_options = {{ "{option}" = \'{{}}\' }}\nsecrets.variables_prefix = "v"\n'
    problem = _only(refuse(HEAD + text))

    assert problem.key == f"environments.dev.airflow_config_options.{option}"
    assert "is set beside the table `secrets`" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        HEAD + '"a\\n\\u001b[31m" = 1',
        HEAD.replace('"flights"', '"a\\n\\u001b[31m"'),
        HEAD + 'webserver_access_mode = "a\\n\\u001b[31m"',
    ],
)
def test_what_stands_in_the_file_steers_no_terminal(refuse: Refuse, text: str) -> None:
    error = refuse(text)
    assert error.message.isprintable()
    assert r"a\n\x1b[31m" in error.message
