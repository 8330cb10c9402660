from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding, Rule
from mwaactl.project.checks.startup_ending import startup_ending
from mwaactl.project.checks.startup_errexit import startup_errexit
from mwaactl.project.checks.startup_folders import startup_folders
from mwaactl.project.checks.startup_nounset import startup_nounset
from mwaactl.project.checks.startup_protected import startup_protected
from mwaactl.project.checks.startup_secrets import startup_secrets
from mwaactl.project.checks.startup_size import startup_size
from mwaactl.project.checks.startup_syntax import StartupSyntax

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
type Judge = Callable[[Rule, str], list[Finding]]
VERSION = airflow_version("3.3.1")
RULES = [
    startup_errexit,
    startup_nounset,
    startup_protected,
    startup_folders,
    startup_ending,
    startup_secrets,
    startup_size,
    StartupSyntax(),
]
# In two pieces, so that no scanner takes this file for what it tests.
AWS_SECRET = "kZ3f9sQ1v7Lm0pXy" + "T4uWcR8bN2eHgJ6dA5oKiF+z"
HONEST = """#!/bin/bash
# set -e and exit 1 and export PYTHONPATH=/x are what this script does not do.
if [ "$MWAA_AIRFLOW_COMPONENT" != webserver ]; then
  sudo yum install -y libaio && export MY_VAR="a b"
fi
cat > /tmp/profile <<'END' 2>&1
set -e
export AIRFLOW_HOME=/elsewhere
exit 1
END
( set -e; cd /tmp; make ) || true
exec > >(tee -a /tmp/log) 2>&1
export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db --query SecretString --output text)
export API_TOKEN="${API_TOKEN:-}" TOKEN_URL=https://login.example.org/token
export AIRFLOW_CONN_DWH="postgresql://etl:${DB_PASSWORD}@db.internal/dwh"
echo 'set -e; exit 1'
[ -f /tmp/x ] || exit 0
"""


@pytest.fixture
def judge(bundle_of: MakeBundle) -> Judge:
    return lambda rule, script: list(rule(bundle_of({"startup/startup.sh": script}), VERSION))


@pytest.mark.parametrize("rule", RULES)
def test_no_script_is_no_problem(bundle_of: MakeBundle, rule: Rule) -> None:
    assert not list(rule(bundle_of({"dags/a.py": ""}), VERSION))


@pytest.mark.parametrize("rule", RULES)
def test_an_honest_script_passes(judge: Judge, rule: Rule) -> None:
    assert judge(rule, HONEST) == []


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("export AIRFLOW_HOME=/tmp\n", 1),
        ("x=1\n  export PYTHONPATH\n", 2),
        ("export A=1 AWS_REGION=eu-west-1\n", 1),
        ("true && export ECS_X=1\n", 1),
        ("declare -x AIRFLOW__CORE__FERNET_KEY=k\n", 1),
        ("if true; then export JWT_PUBLIC_KEY=k; fi\n", 1),
        ("typeset -x AIRFLOW_HOME=/x\n", 1),
        ("export AIRFLOW__LOGGING__COLORED_CONSOLE_LOG=True\n", 1),
        ("export AIRFLOW__CORE__MULTI_TEAM=True\n", 1),
        ("readonly AIRFLOW_HOME=/x\n", 1),
        ("declare -rx AIRFLOW_HOME=/x\n", 1),
        ("AIRFLOW_HOME=/x; export AIRFLOW_HOME\n", 1),
        ("export A=1 \\\n  PYTHONPATH=/x\n", 2),
        ("export 'PYTHONPATH'=/x\n", 1),
        ("builtin export PYTHONPATH=/x\n", 1),
        ("set -a\nAIRFLOW_HOME=/x\nset +a\n", 2),
        ("set -o allexport\nAIRFLOW_HOME=/x\n", 2),
        ("case $X in a) export PYTHONPATH=/x ;; esac\n", 1),
        ("f() { export PYTHONPATH=/x; }\nf\n", 1),
        ("cat <<X\nnothing\nX\nexport PYTHONPATH=/x\n", 4),
    ],
)
def test_an_export_without_effect_is_found(judge: Judge, script: str, line: int) -> None:
    (found,) = judge(startup_protected, script)
    assert (found.rule, found.line) == ("startup-protected", line)


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("AIRFLOW_HOME=/x\n", 1),
        ("true\nif true; then AIRFLOW_HOME=/x; fi\n", 2),
        ("A=1 PYTHONPATH=$PYTHONPATH:/x\n", 1),
        ("set -a; set +a; AIRFLOW_HOME=/x\n", 1),
        ("f() { AWS_REGION=eu-west-1; }\nf\n", 1),
        ("AIRFLOW__CORE__MULTI_TEAM=True\nAIRFLOW__CORE__MULTI_TEAM=False\n", 1),
        ("case $X in a) PYTHONPATH=/x ;; esac\n", 1),
        ("case $X in a) true ;; b | c) AIRFLOW_HOME=/x; esac\n", 1),
    ],
)
def test_a_protected_variable_that_is_set_without_export_is_told(
    judge: Judge, script: str, line: int
) -> None:
    (found,) = judge(startup_protected, script)
    assert (found.rule, found.severity, found.line) == ("startup-protected", "warning", line)
    assert "for this script only" in found.message


@pytest.mark.parametrize(
    "script",
    [
        "echo $AIRFLOW_HOME\n",
        "# export AIRFLOW_HOME=1\n",
        "export X=$AIRFLOW_HOME\n",
        "export PATH=/x\n",
        "export AIRFLOW__CORE__DEFAULT_TASK_RETRIES=3\n",
        "PYTHONPATH=/x python3 -c 'import x'\n",
        "(export PYTHONPATH=/x; python3 x.py)\n",
        "echo export PYTHONPATH=/x\n",
        "cat <<-X\n\texport PYTHONPATH=/x\n\tX\n",
        "export -n PYTHONPATH\n",
        "(AIRFLOW_HOME=/x; python3 x.py)\n",
        "AIRFLOW_HOME=/x AWS_REGION=y airflow version\n",
        "A=1 env AIRFLOW_HOME=/x airflow version\n",
        "f() { local AIRFLOW_HOME=/x; airflow version; }\n",
        "f() {\n  local AWS_REGION\n  AWS_REGION=$(region)\n}\n",
        "f() { typeset -l AWS_REGION; AWS_REGION=x; }\n",
        "AWS_REGION=${AWS_REGION:-eu-west-1}\n",
        'AWS_REGION="${AWS_REGION-eu-west-1}"\n',
        "MY_AIRFLOW_HOME=/x; AIRFLOW_HOMES=/y; _AIRFLOW_HOME=/z\n",
        "vars=(AIRFLOW_HOME=/x PYTHONPATH=/y)\n",
        "if [ AIRFLOW_HOME=/x ]; then echo 'AIRFLOW_HOME=/x'; fi\n",
        "cat <<X > ~/.profile\nAIRFLOW_HOME=/x\nX\n",
        "case $X in A=*) true ;;\nAIRFLOW_HOME=*) true ;; esac\n",
        "[[ $AIRFLOW_HOME = /x ]] && (( AIRFLOW_HOME==1 ))\n",
    ],
)
def test_reading_a_protected_variable_is_allowed(judge: Judge, script: str) -> None:
    assert judge(startup_protected, script) == []


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("export AIRFLOW__CORE__DAGS_FOLDER=/opt/dags\n", 1),
        ("true\nexport AIRFLOW__CORE__PLUGINS_FOLDER=$HOME/plugins\n", 2),
        ("AIRFLOW__CORE__DAGS_FOLDER=/opt/dags\nexport AIRFLOW__CORE__DAGS_FOLDER\n", 1),
        ("set -a\nAIRFLOW__CORE__DAGS_FOLDER=/opt/dags\n", 2),
        ("export AIRFLOW__CORE__PLUGINS_FOLDER=/usr/local/airflow/dags\n", 1),
        ("export AIRFLOW__CORE__DAGS_FOLDER=/usr/local/airflow/dags/team\n", 1),
    ],
)
def test_a_folder_that_mwaa_does_not_fill_is_found(judge: Judge, script: str, line: int) -> None:
    (found,) = judge(startup_folders, script)
    assert (found.rule, found.severity, found.line) == ("startup-folder", "error", line)
    assert "leads Airflow away from the folder that MWAA fills" in found.message


@pytest.mark.parametrize(
    "script",
    [
        "export AIRFLOW__CORE__DAGS_FOLDER=/usr/local/airflow/dags\n",
        'export AIRFLOW__CORE__PLUGINS_FOLDER="${AIRFLOW_HOME}/plugins/"\n',
        "export AIRFLOW__CORE__DAGS_FOLDER\n",
        "AIRFLOW__CORE__DAGS_FOLDER=/opt/dags\n",
        "AIRFLOW__CORE__DAGS_FOLDER=/opt/dags python3 check.py\n",
        "(export AIRFLOW__CORE__DAGS_FOLDER=/opt/dags; python3 check.py)\n",
        "export DAGS_FOLDER=/opt/dags AIRFLOW__CORE__DEFAULT_TIMEZONE=utc\n",
    ],
)
def test_a_folder_that_changes_nothing_for_airflow_passes(judge: Judge, script: str) -> None:
    assert judge(startup_folders, script) == []


@pytest.mark.parametrize(
    "script",
    [
        "set -e\n", "set -euo pipefail\n", "set -o errexit\n", "x=1; set -xe\n", "set -u -e\n",
        "set -o pipefail -o errexit\n", "set -uo pipefail -e\n", "set -Eeuo pipefail\n", "set -e -- a\n",
        "shopt -so errexit\n", "shopt -s -o errexit\n", "true && set -e\n", "f() { set -e; }\n",
    ],
)  # fmt: skip
def test_stopping_at_a_failing_command_is_an_error(judge: Judge, script: str) -> None:
    (found,) = judge(startup_errexit, script)
    assert (found.rule, found.severity, found.line) == ("startup-errexit", "error", 1)


@pytest.mark.parametrize(
    "script",
    [
        "set -x\n", "# set -e\n", "echo set -e\n", "set +e\n", "set -uo pipefail\n", "set -- -e\n",
        "(set -e; true)\n", "bash -c 'set -e'\n", "shopt -s extglob\n", "set -\n", "set a -e\n",
        "x='\nset -e\n'\n",
    ],
)  # fmt: skip
def test_other_settings_pass(judge: Judge, script: str) -> None:
    assert judge(startup_errexit, script) == []


@pytest.mark.parametrize(
    "script", ["set -u\n", "set -o nounset\n", "set -Eeuo pipefail\n", "f() { set -u; }\n"]
)
def test_stopping_at_an_unset_variable_is_told(judge: Judge, script: str) -> None:
    (found,) = judge(startup_nounset, script)
    assert (found.rule, found.severity, found.line) == ("startup-nounset", "warning", 1)


@pytest.mark.parametrize("script", ["set -e\n", "set +u\n", "(set -u; true)\n", "bash -uc true\n"])
def test_an_unset_variable_that_stops_nothing_passes(judge: Judge, script: str) -> None:
    assert judge(startup_nounset, script) == []


@pytest.mark.parametrize("first", ["#!/bin/bash -e", "#! /bin/sh -ue", "#!/usr/bin/env -S bash -x -e"])
def test_a_first_line_that_means_to_stop_has_no_effect(judge: Judge, first: str) -> None:
    (found,) = judge(startup_errexit, f"{first}\ntrue\n")
    assert (found.severity, found.line) == ("warning", 1)
    assert "no effect" in found.message


@pytest.mark.parametrize(
    ("script", "severity", "said"),
    [
        ("true || exit 1\n", "warning", "`exit 1` stops nothing"),
        ('exit "$code"\n', "warning", "`exit $code` stops nothing"),
        ("exec python3 server.py\n", "error", "`exec` leaves no shell"),
        ("exec -a x sleep 1\n", "error", "`exec` leaves no shell"),
    ],
)
def test_an_ending_that_mwaa_takes_otherwise_is_found(
    judge: Judge, script: str, severity: str, said: str
) -> None:
    (found,) = judge(startup_ending, script)
    assert (found.rule, found.severity) == ("startup-ending", severity)
    assert said in found.message


@pytest.mark.parametrize(
    "script", ["exit\n", "exit 0\n", "(exit 1)\n", "exec 2>&1\n", "exec 3<>/tmp/x >/tmp/y\n", "echo exit 1\n"]
)
def test_endings_that_do_no_harm_pass(judge: Judge, script: str) -> None:
    assert judge(startup_ending, script) == []


@pytest.mark.parametrize(
    ("script", "severity", "said"),
    [
        (f"export AWS_SECRET_ACCESS_KEY={AWS_SECRET}\n", "error", "holds an AWS secret access key"),
        ("cat <<X > key\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\nX\n", "error", "holds a private key"),
        ("git clone https://gh" + "p_" + "a1B2" * 9 + "@github.com/x\n", "error", "a GitHub token"),
        ("export AIRFLOW_CONN_DWH=postgresql://etl:hunter2@db/x\n", "error", "a password"),
        ("AIRFLOW_CONN_AWS='aws://AKIA:hunter2@'; export AIRFLOW_CONN_AWS\n", "error", "a password"),
        ("export AIRFLOW_CONN_X='{\"login\": \"x\", \"password\": \"hunter2\"}'\n", "error", "`password`"),
        ("export AIRFLOW__SMTP__SMTP_PASSWORD=hunter2\n", "error", "SMTP_PASSWORD` is a secret"),
        ("export AIRFLOW__SENTRY__SENTRY_DSN=https://k@sentry.io/1\n", "error", "is a secret"),
        ("export AIRFLOW__MY_PLUGIN__TOKEN_CMD='echo hunter2'\n", "error", "prints a secret"),
        ("export AIRFLOW_VAR_API_TOKEN=hunter2\n", "warning", "has the name of a secret"),
        ("readonly PGPASSWORD='hunter2'\n", "warning", "has the name of a secret"),
        ("export PIP_INDEX_URL='https://dora:hunter2@registry.internal/simple'\n", "error", "a password"),
        ("DSN='host=db password=hunter2'\n", "error", "holds a password"),
    ],
)  # fmt: skip
def test_a_secret_in_the_script_is_found_and_not_shown(
    judge: Judge, script: str, severity: str, said: str
) -> None:
    (found,) = judge(startup_secrets, script)
    assert (found.rule, found.severity) == ("startup-secret", severity)
    assert said in found.message
    assert "hunter2" not in f"{found.message} {found.hint}"
    assert "Secrets Manager" in (found.hint or "")


@pytest.mark.parametrize(
    "script",
    [
        "export AIRFLOW__SMTP__SMTP_PASSWORD_SECRET=smtp/password\n",
        'export AIRFLOW__SECRETS__BACKEND_KWARGS=\'{"connections_prefix": "airflow/connections"}\'\n',
        "export TOKEN_EXPIRATION_SECONDS=60 USE_TOKEN=true\n",
        "export PGPASSWORD=$(get) PGPASSFILE=/tmp/pgpass\n",
        "echo password=$PGPASSWORD\n",
    ],
)
def test_what_only_speaks_of_secrets_passes(judge: Judge, script: str) -> None:
    assert judge(startup_secrets, script) == []


def test_a_script_that_carries_data_is_a_warning(judge: Judge) -> None:
    assert judge(startup_size, "true\n" * 13_000) == []
    (found,) = judge(startup_size, "true\n" * 14_000)
    assert found.message == "has 70,000 bytes: every container runs all of it at each start, within 5 minutes"


def test_patterns_that_the_script_switches_on_are_bash(judge: Judge) -> None:
    assert judge(StartupSyntax(), "shopt -s extglob\nls !(x|y)\n") == []
    assert judge(StartupSyntax(), "shopt -s extglob\nif true; then\n") != []


def test_a_script_that_bash_cannot_parse_is_found_with_its_line(judge: Judge) -> None:
    (found,) = judge(StartupSyntax(), "true\nif true; then\n  echo )\nfi\n")
    assert (found.severity, found.line) == ("error", 3)
    assert found.message.startswith("is not a bash script: syntax error")


@pytest.mark.parametrize(
    ("first", "foreign"),
    [
        ("#!/usr/bin/env python3", "python3"),
        ("#! /usr/bin/python3.12 -u", "python3.12"),
        ("#!/usr/bin/env -S A=1 -i perl -w", "perl"),
        ("#!/bin/csh", "csh"),
        ("#!python", "python"),
    ],
)
def test_a_script_for_another_program_is_found(judge: Judge, first: str, foreign: str) -> None:
    assert judge(StartupSyntax(), "import os\n") == []
    (found,) = judge(StartupSyntax(), f"{first}\nimport os\n")
    assert (found.severity, found.line) == ("error", 1)
    assert found.message == f"is written for `{foreign}`, and MWAA runs it as a bash script"
    (instead,) = judge(StartupSyntax(), f"{first}\nprint('bash cannot parse this'\n")
    assert instead == found


@pytest.mark.parametrize(
    "first",
    [
        "#!/bin/bash", "#!/bin/sh -x", "#! /usr/bin/env bash", "#!/usr/bin/env -S bash -x", "#!",
        "# !/bin/perl", "#!/bin/false", "#!/bin/zsh", "",
    ],
)  # fmt: skip
def test_a_script_for_a_shell_passes(judge: Judge, first: str) -> None:
    assert judge(StartupSyntax(), f"{first}\ntrue\n") == []


def test_windows_line_ends_are_found(judge: Judge) -> None:
    found = judge(StartupSyntax(), "export A=1\r\n")
    assert "Windows line ends" in found[0].message


@pytest.mark.parametrize(
    ("script", "line", "said"),
    [
        (b"\xef\xbb\xbfexport A=1\n", 1, "byte order mark"),
        (b"true\nexport A=caf\xe9\n", 2, "is not UTF-8"),
        (b"true\n\nx\0y\n", 3, "zero byte"),
        ("export A=1\n".encode("utf-16"), 1, "is not UTF-8"),
    ],
)
def test_bytes_that_are_no_script_are_found(
    bundle_of: MakeBundle, script: bytes, line: int, said: str
) -> None:
    found = list(StartupSyntax()(bundle_of({"startup/startup.sh": script}), VERSION))
    assert (found[0].severity, found[0].line) == ("error", line)
    assert said in found[0].message


def test_a_script_is_parsed_and_never_run(judge: Judge, bundle_of: MakeBundle) -> None:
    root = bundle_of({}).root
    assert judge(StartupSyntax(), f"touch {root}/ran\n") == []
    assert not (root / "ran").exists()


def test_without_bash_nothing_is_claimed(judge: Judge) -> None:
    with pytest.raises(ProjectError, match="there is no `bash-of-nowhere`"):
        judge(StartupSyntax("bash-of-nowhere"), "true\n")
