import pytest

from mwaactl.emulator.runtime.pip_wording import error_line, installed_log, success_line

UNSATISFIABLE = ", we can conclude that your requirements are unsatisfiable."


@pytest.mark.parametrize(
    ("cause", "line"),
    [
        (
            f"Because nonesuch was not found in the package registry and you require it{UNSATISFIABLE}",
            "ERROR: No matching distribution found for nonesuch",
        ),
        (
            f"Because there is no version of cowsay==99.0 and you require cowsay==99.0{UNSATISFIABLE}",
            "ERROR: No matching distribution found for cowsay==99.0",
        ),
        (
            f"Because you require celery==5.0.0 and celery==5.6.3{UNSATISFIABLE}",
            "ERROR: Cannot install celery==5.0.0 because it conflicts with the constraint celery==5.6.3",
        ),
    ],
)
def test_package_at_fault_is_named_as_pip_names_it(cause: str, line: str) -> None:
    assert error_line(f"error: No solution found when resolving dependencies\n  cause: {cause}\n") == line


def test_reason_that_names_no_package_is_left_to_uv() -> None:
    assert error_line("error: Failed to fetch: connection refused\n") is None


def test_installed_packages_are_listed_on_one_line() -> None:
    output = "Resolved 2 packages in 3ms\n + cowsay==6.1\n - rich==1.0\n + rich==2.0\n"
    assert success_line(output) == "Successfully installed cowsay-6.1 rich-2.0"


def test_nothing_installed_has_no_line() -> None:
    assert success_line("Checked 1 package in 56ms\n") is None


def test_the_log_ends_as_pip_ends_it() -> None:
    assert installed_log(" + a==1\n") == " + a==1\nSuccessfully installed a-1\n"
    assert installed_log("Checked 1 package in 56ms\n").startswith("Requirement already satisfied")
