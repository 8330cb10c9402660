from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding, Rule
from mwaactl.project.checks.requirements_constraints import requirements_constraints
from mwaactl.project.checks.requirements_encoding import requirements_encoding
from mwaactl.project.checks.requirements_essential import requirements_essential
from mwaactl.project.checks.requirements_pinned import requirements_pinned
from mwaactl.project.checks.requirements_sources import requirements_sources
from mwaactl.project.requirements_file import requirement_lines

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
type Judge = Callable[[Rule, str | bytes], list[Finding]]


@pytest.fixture
def judge(bundle_of: MakeBundle) -> Judge:
    def write_and_check(rule: Rule, content: str | bytes) -> list[Finding]:
        return list(rule(bundle_of({"requirements/requirements.txt": content}), airflow_version("3.3.1")))

    return write_and_check


RULES: list[Rule] = [
    requirements_constraints,
    requirements_encoding,
    requirements_essential,
    requirements_pinned,
    requirements_sources,
]


@pytest.mark.parametrize("rule", RULES)
def test_no_requirements_are_no_problem(bundle_of: MakeBundle, rule: Rule) -> None:
    assert not list(rule(bundle_of({"dags/a.py": ""}), airflow_version("3.3.1")))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "content",
    [
        "",
        "# only a comment\n",
        "pandas==2.3.3\n",
        "pandas[s3]==2.3.3  # because\n",
        "Pandas == 2.3.3 ; python_version < '3.13'\n",
        "pandas==2.3.3 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n",
        "--find-links /usr/local/airflow/plugins\n--no-index\nmine==1.0\n",
        "/usr/local/airflow/plugins/mine-1.0-py3-none-any.whl\n",
        "mine @ file:///usr/local/airflow/plugins/mine-1.0-py3-none-any.whl\n",
        "celery==5.6.3\n",
    ],
)
def test_what_mwaa_installs_without_surprise_passes(judge: Judge, rule: Rule, content: str) -> None:
    assert judge(rule, content) == []


@pytest.mark.parametrize(
    ("content", "line", "name"),
    [
        ("pandas\n", 1, "pandas"),
        ("# c\n\npandas>=2\n", 3, "pandas"),
        ("pandas==2.*\n", 1, "pandas"),
        ("pandas==2.3.3,<3\n", 1, "pandas"),
        ("pandas~=2.3\n", 1, "pandas"),
        ("Foo_Bar.baz[x]\n", 1, "foo-bar-baz"),
        ("pandas ; python_version < '4'\n", 1, "pandas"),
    ],
)
def test_a_name_without_one_version_is_found(judge: Judge, content: str, line: int, name: str) -> None:
    (found,) = judge(requirements_pinned, content)
    assert (found.line, found.hint) == (line, f"write `{name}==VERSION`")


@pytest.mark.parametrize(
    "content",
    [
        "--extra-index-url https://example.org/simple\n",
        "--extra-index-url=https://example.org/simple\n",
        "--index-url https://example.org/simple\n",
        "-i https://example.org/simple\n",
        "--trusted-host example.org\n",
        "--find-links https://example.org/wheels\n",
        "-f ./wheels\n",
        "-r other.txt\n",
        "-e .\n",
        "--editable=.\n",
        "https://example.org/mine-1.0-py3-none-any.whl\n",
        "git+https://example.org/mine.git@v1\n",
        "mine @ https://example.org/mine-1.0.tar.gz\n",
        "mine@git+ssh://git@example.org/mine.git\n",
        "./mine\n",
        "../mine\n",
        "/opt/mine.whl\n",
    ],
)
def test_a_place_other_than_the_registry_is_found(judge: Judge, content: str) -> None:
    (found,) = judge(requirements_sources, "requests==2.34.2\n" + content)
    assert (found.rule, found.severity, found.line) == ("requirements-sources", "error", 2)


@pytest.mark.parametrize(
    "content",
    ["# -c constraints.txt\n", "pandas==2.3.3  # via -c x.txt\n", "#--constraint x\n", "    #   -c c.txt\n"],
)
def test_a_comment_that_switches_constraints_off_is_an_error(judge: Judge, content: str) -> None:
    (found,) = judge(requirements_constraints, "\n" + content)
    assert (found.severity, found.line) == ("error", 2)


@pytest.mark.parametrize("content", ["-c own.txt\n", '--constraint "/usr/local/airflow/dags/own.txt"\n'])
def test_own_constraints_are_a_warning(judge: Judge, content: str) -> None:
    (found,) = judge(requirements_constraints, content)
    assert found.severity == "warning"


@pytest.mark.parametrize("content", ["# see --constraints\n", "my-c==1.0\n", "# --constraint=x\n"])
def test_what_mwaa_does_not_take_for_constraints_passes(judge: Judge, content: str) -> None:
    assert judge(requirements_constraints, content) == []


@pytest.mark.parametrize(
    "content", ["SQLAlchemy==1.4.54\n", "celery[sqs]==5.5.0\n", "apache_airflow==3.2.1\n"]
)
def test_another_version_of_what_mwaa_keeps_is_found(judge: Judge, content: str) -> None:
    (found,) = judge(requirements_essential, content)
    assert found.severity == "error"
    assert "contradicts MWAA, which keeps" in found.message


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfpandas==2.3.3\n", "pandas==2.3.3\n".encode("utf-16"), b"pandas==2.3.3 # caf\xe9\n"],
)
def test_other_encodings_are_found(judge: Judge, content: bytes) -> None:
    (found,) = judge(requirements_encoding, content)
    assert found.severity == "error"


def test_lines_are_joined_and_numbered_where_they_begin() -> None:
    lines = requirement_lines(b"# a\na==1 \\\n  --hash=x\n\nb==2 # c\nc==3 \\")
    assert [(line.number, line.text) for line in lines] == [(2, "a==1 --hash=x"), (5, "b==2"), (6, "c==3")]
    assert [line.pinned_version for line in lines] == ["1", "2", "3"]
