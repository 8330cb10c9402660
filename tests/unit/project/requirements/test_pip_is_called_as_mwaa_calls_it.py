import pytest

from mwaactl.project.requirements.installer_command import clean_environ, install_arguments

FORCED = ("install", "--constraint", "essential.txt", "-r", "requirements.txt", "-c", "airflow.txt")


@pytest.mark.parametrize("text", ["", "solo==1.0\n", "--constraint=x\n", "solo-c==1.0\n"])
def test_airflow_s_constraints_are_forced_where_no_line_names_some(text: str) -> None:
    assert install_arguments(text) == FORCED


@pytest.mark.parametrize("text", ["-c x\n", "# -c x\n", "solo==1 # --constraint x\n", "-c  x\n"])
def test_a_line_that_names_constraints_switches_them_off_even_as_a_comment(text: str) -> None:
    assert install_arguments(text) == FORCED[:-2]


def test_variables_that_change_what_pip_installs_are_dropped() -> None:
    environ = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "PIP_INDEX_URL": "http://127.0.0.1:2",
        "PIP_EXTRA_INDEX_URL": "x",
        "PIP_FIND_LINKS": "x",
        "PIP_CONSTRAINT": "x",
        "PYTHONPATH": "x",
        "VIRTUAL_ENV": "x",
    }
    kept = clean_environ(environ)
    assert {"PATH", "HTTPS_PROXY", "PIP_INDEX_URL"} <= kept.keys()
    assert not kept.keys() & {
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_CONSTRAINT",
        "PYTHONPATH",
        "VIRTUAL_ENV",
    }
    assert kept["PIP_CONFIG_FILE"] == "/dev/null"
