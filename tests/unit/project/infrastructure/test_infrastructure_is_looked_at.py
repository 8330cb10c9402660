"""The CDK app is synthesised, scanners look at its templates, and findings come with their line of Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.checks.finding import Finding
from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.check import InfrastructureGate, check_infrastructure
from mwaactl.project.infrastructure.program import Ended
from mwaactl.project.infrastructure.result import InfrastructureChecked
from mwaactl.project.infrastructure.scanners.cdk_packs import CdkPacks
from mwaactl.project.infrastructure.scanners.own_rules import OwnRules
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanned, Scanner
from mwaactl.project.infrastructure.synthesis import Synthesis
from tests.fakes.cdk_app import CdkPrograms

HUGE = {"Type": "AWS::MWAA::Environment", "Properties": {"EnvironmentClass": "mw1.huge"}}
PRIVATE = {
    "AirflowVersion": "3.3.1",
    "DagS3Path": "dags",
    "SourceBucketArn": "arn:aws:s3:::orders",
    "WebserverAccessMode": "PRIVATE_ONLY",
    "NetworkConfiguration": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
    "LoggingConfiguration": {
        f"{kind}Logs": {"Enabled": True}
        for kind in ("DagProcessing", "Scheduler", "Task", "Webserver", "Worker")
    },
}


@dataclass(frozen=True)
class Absent:
    name: str = "checkov"

    def scan(self, assembly: Assembly, means: Means) -> Iterable[Scanned]:
        del assembly, means
        why = "is not installed"
        raise NotRunError(why)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "cdk.json").write_text('{"app": "python3 app.py", "context": {"flag": true}}')
    (tmp_path / "app.py").write_text("# the app")
    return tmp_path


@pytest.fixture
def programs() -> CdkPrograms:
    return CdkPrograms(
        resources={"Airflow": {**HUGE, "Properties": {**PRIVATE, "EnvironmentClass": "mw1.huge"}}},
        constructs={"Airflow": "orders/Airflow/Resource"},
        origins={"orders": ("app.py", 3), "orders/Airflow": ("stacks/orders.py", 12)},
    )


def checked(
    root: Path, programs: CdkPrograms, scanners: Sequence[Scanner] = (OwnRules(),), *, keep: bool = True
) -> InfrastructureChecked:
    means = Means(programs, {}, root / ".mwaactl" / "checks", "eu-west-1")
    gate = InfrastructureGate(
        Synthesis(root, "dev", programs, {}), scanners, means, stage=lambda _: None, keep=keep
    )
    return check_infrastructure(gate)


def test_finding_is_told_where_the_python_makes_the_construct(root: Path, programs: CdkPrograms) -> None:
    result = checked(root, programs)

    (found,) = result.findings
    assert (found.rule, found.severity, found.path, found.line) == ("MW005", "error", "stacks/orders.py", 12)
    assert found.message == "orders/Airflow/Resource: there is no class mw1.huge; did you mean `mw1.large`?"
    assert programs.ran == ["app", "traced app"]


def test_app_is_not_traced_where_nothing_is_found(root: Path, programs: CdkPrograms) -> None:
    programs.resources["Airflow"]["Properties"]["EnvironmentClass"] = "mw1.small"

    assert checked(root, programs) == InfrastructureChecked((), 1, 0, ("the rules about MWAA",))
    assert programs.ran == ["app"]


@pytest.mark.parametrize("place", ["orders/Airflow/Resource", "orders/Airflow", "orders"])
def test_what_is_acknowledged_at_the_construct_or_around_it_is_counted_only(
    root: Path, programs: CdkPrograms, place: str
) -> None:
    programs.acknowledged[place] = {"MWAA::MW005": "It will exist soon"}

    result = checked(root, programs)

    assert (result.findings, result.accepted) == ((), 1)


def test_acknowledgement_elsewhere_accepts_nothing(root: Path, programs: CdkPrograms) -> None:
    programs.acknowledged["orders/Airflow/Resource/Policy"] = {"MWAA::MW005": "Below it"}
    programs.acknowledged["orders/Air"] = {"MWAA::MW005": "Half a name"}

    assert len(checked(root, programs).findings) == 1


def test_second_time_nothing_is_run(root: Path, programs: CdkPrograms) -> None:
    first = checked(root, programs)
    programs.ran.clear()

    second = checked(root, programs)

    assert (second.findings, second.known, programs.ran) == (first.findings, True, [])
    assert checked(root, programs, keep=False).known is False


def test_change_of_what_the_app_reads_is_looked_at_and_a_dag_is_not(
    root: Path, programs: CdkPrograms
) -> None:
    checked(root, programs)
    (root / "dags").mkdir()
    (root / "dags" / "flights.py").write_text("# a DAG")
    assert checked(root, programs).known

    (root / "app.py").write_text("# another app")
    assert not checked(root, programs).known


def test_absent_scanner_is_a_warning_and_the_result_is_not_kept(root: Path, programs: CdkPrograms) -> None:
    programs.resources["Airflow"]["Properties"]["EnvironmentClass"] = "mw1.small"

    result = checked(root, programs, (OwnRules(), Absent()))

    message = "the infrastructure is not looked at by checkov, which is not installed"
    assert result.findings == (Finding("scanner-absent", "warning", "cdk.json", None, message),)
    assert result.scanners == ("the rules about MWAA",)
    assert not checked(root, programs, (OwnRules(), Absent())).known


def test_app_that_fails_is_an_error_at_its_innermost_line(root: Path, programs: CdkPrograms) -> None:
    programs.resources.clear()
    trace = (
        f'  File "{root}/app.py", line 3, in <module>\n  File "{root}/stacks/orders.py", line 7, in make\n'
        f'  File "{root}/.venv/lib/site-packages/jsii.py", line 9, in call\nRuntimeError: no such zone.\n'
    )
    programs.app = Ended(1, "", trace)

    (found,) = checked(root, programs).findings

    assert (found.rule, found.path, found.line) == ("cdk-synth", "stacks/orders.py", 7)
    assert found.message == "the CDK app fails: RuntimeError: no such zone"


def test_app_that_gives_no_template_is_an_error(root: Path, programs: CdkPrograms) -> None:
    programs.resources.clear()

    (found,) = checked(root, programs).findings

    assert (found.rule, found.severity) == ("cdk-synth", "error")


def test_cdk_json_without_an_app_is_refused(root: Path, programs: CdkPrograms) -> None:
    (root / "cdk.json").write_text("{}")

    with pytest.raises(ProjectError, match=r"`cdk\.json` does not say how the CDK app is run"):
        checked(root, programs)


def report(plugin: str, rule: str, **more: object) -> dict[str, object]:
    violation = {
        "ruleName": rule,
        "description": "The key is\n not rotated.",
        "severity": "error",
        "violatingConstructs": [{"constructPath": "orders/Airflow/Resource"}],
    }
    return {"pluginName": plugin, "violations": [violation], **more}


def test_what_plugins_of_the_cdk_found_is_taken_from_their_report(root: Path, programs: CdkPrograms) -> None:
    programs.reports = [report("AwsSolutions", "AwsSolutions-KMS5"), report("MWAA", "MW005")]
    programs.app = Ended(1, "", "Validation failed")

    (found,) = checked(root, programs, (CdkPacks(),)).findings

    assert (found.rule, found.line) == ("AwsSolutions-KMS5", 12)
    assert found.message == "orders/Airflow/Resource: The key is not rotated"


def test_plugin_that_failed_is_not_taken_for_one_that_found_nothing(
    root: Path, programs: CdkPrograms
) -> None:
    programs.reports = [
        {
            "pluginName": "Guard",
            "violations": [],
            "metadata": {"error": "Validation plugin 'Guard' failed: x"},
        }
    ]

    (found,) = checked(root, programs, (CdkPacks(),)).findings

    assert found.rule == "scanner-absent"
    assert found.message.endswith("cdk-nag, which is incomplete: Validation plugin 'Guard' failed: x")
