from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mwaactl.errors import AccessDenied, ApplyError
from mwaactl.executor.apply import Executor, Outcome
from mwaactl.executor.events import Detail, Event
from mwaactl.executor.lock.session import LockSession
from mwaactl.executor.observe import observe, verify_account
from mwaactl.executor.release_record import encode, promote
from mwaactl.observed import ObservedStack, Release, ReleaseState
from mwaactl.planner.plan import plan
from mwaactl.planner.statuses import EXPLANATIONS
from tests.fakes.desired_states import NAMES, dag, desired, module, requirements
from tests.fakes.in_memory_aws import FixedIdentity, InMemoryAws

if TYPE_CHECKING:
    from mwaactl.desired import DesiredState

GOOD = {"dags/lib.py": "module", "dags/a.py": "DAG(1)", "artifacts/requirements.txt": "pandas==1"}
BROKEN = {**GOOD, "dags/a.py": "DAG(2)\nbroken"}


def state_of(files: dict[str, str]) -> DesiredState:
    dags = [
        (dag if "DAG(" in content else module)(key.removeprefix("dags/"), content)
        for key, content in files.items()
        if key.startswith("dags/")
    ]
    text = files.get("artifacts/requirements.txt")
    return desired(*dags, artifacts=(requirements(text),) if text else ())


@dataclass
class Deployer:
    aws: InMemoryAws = field(default_factory=InMemoryAws)
    events: list[Event] = field(default_factory=list)

    def deploy(self, files: dict[str, str], *, wait: bool = True) -> Outcome:
        self.aws.clock.sleep(1)
        state, gateways = state_of(files), self.aws.gateways()
        observed = observe(state, gateways)
        lock = LockSession(gateways, lambda text: self.events.append(Detail(text)))
        executor = Executor(
            desired=state,
            observed=observed,
            gateways=gateways,
            lock=lock,
            read=lambda key: files[key].encode(),
            log_groups=(NAMES.log_group("Scheduler"), NAMES.log_group("Worker")),
            release=self.release_of(files),
            listener=self.events.append,
        )
        with lock:
            return executor.apply(plan(state, observed), wait=wait)

    def plan_is_empty(self, files: dict[str, str]) -> bool:
        state = state_of(files)
        return plan(state, observe(state, self.aws.gateways())).is_empty

    def record(self, key: str = "releases/current.json") -> dict[str, object]:
        content: dict[str, object] = json.loads(self.aws.bucket.contents[key])
        return content

    def release_of(self, files: dict[str, str]) -> Release:
        state, now = state_of(files), self.aws.clock.now()
        release_id = f"{now:%Y%m%dT%H%M%SZ}-{state.digest[:8]}"
        return Release(
            release_id, state.digest, ReleaseState.APPLYING, (), "3.3.1", "c0ffee", "dora", now.isoformat()
        )


@pytest.fixture
def deployer() -> Deployer:
    return Deployer()


def test_an_empty_account_ends_with_a_recorded_release(deployer: Deployer) -> None:
    outcome = deployer.deploy(GOOD)

    assert outcome.verified
    assert deployer.aws.cdk.deployed == [
        (
            "flights-local-storage",
            "flights-local-network",
            "flights-local-warehouse",
            "flights-local-functions",
        ),
        ("flights-local-environment", "flights-local-observability"),
    ]
    assert outcome.release is not None
    journal = f"put releases/{outcome.release.id}.json"
    assert deployer.aws.bucket.writes == [
        "put releases/lock.json",
        journal,
        "put artifacts/requirements.txt",
        "put dags/lib.py",
        "put dags/a.py",
        journal,
        "put releases/current.json",
        "delete releases/lock.json",
    ]


def test_the_environment_is_created_with_the_uploaded_versions(deployer: Deployer) -> None:
    deployer.deploy(GOOD)

    version = deployer.aws.bucket.objects["artifacts/requirements.txt"].version_id
    parameters = deployer.aws.stacks.stacks["flights-local-environment"].parameters
    assert parameters["RequirementsVersion"] == version
    assert parameters["PluginsKey"] == ""


def test_a_second_deployment_writes_nothing(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    before = list(deployer.aws.bucket.writes)

    outcome = deployer.deploy(GOOD)

    assert outcome.actions == ()
    assert deployer.aws.bucket.writes == before


def test_the_record_says_what_and_who(deployer: Deployer) -> None:
    deployer.deploy(GOOD)

    record = deployer.record()
    assert record["state"] == "released"
    assert record["who"] == "dora"
    assert record["git_commit"] == "c0ffee"
    assert record["airflow_version"] == "3.3.1"
    files = record["files"]
    assert isinstance(files, list)
    stored = deployer.aws.bucket.objects
    assert {each["key"]: (each["sha256"], each["etag"], each["version_id"]) for each in files} == {
        key: (stored[key].sha256, stored[key].etag, stored[key].version_id) for key in GOOD
    }


def test_new_requirements_update_only_their_parameter(deployer: Deployer) -> None:
    deployer.deploy(GOOD)

    deployer.deploy({**GOOD, "artifacts/requirements.txt": "pandas==2"})

    version = deployer.aws.bucket.objects["artifacts/requirements.txt"].version_id
    assert deployer.aws.stacks.updates == [("flights-local-environment", {"RequirementsVersion": version})]


def test_an_import_error_fails_with_file_line_and_error(deployer: Deployer) -> None:
    deployer.deploy(GOOD)

    with pytest.raises(ApplyError) as failed:
        deployer.deploy(BROKEN)

    assert failed.value.message == (
        "Airflow cannot import `dags/a.py:2`: NameError: name 'broken' is not defined"
    )
    assert failed.value.code == "apply.import-error"
    assert failed.value.context["line"] == "2"
    assert deployer.record()["state"] == "released"


def test_an_error_of_many_lines_is_told_from_its_beginning(deployer: Deployer) -> None:
    with pytest.raises(ApplyError) as failed:
        deployer.deploy({**GOOD, "dags/a.py": "DAG(2)\nbroken  #    See https://errors.example.com/x"})

    assert failed.value.message == (
        "Airflow cannot import `dags/a.py:2`: NameError: name 'broken' is not defined"
        " See https://errors.example.com/x"
    )


def test_after_a_failed_verification_the_rerun_uploads_nothing_and_fails_again(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    with pytest.raises(ApplyError):
        deployer.deploy(BROKEN)
    uploads = [each for each in deployer.aws.bucket.writes if "dags/" in each]

    with pytest.raises(ApplyError, match="NameError"):
        deployer.deploy(BROKEN)

    assert [each for each in deployer.aws.bucket.writes if "dags/" in each] == uploads


def test_a_mended_file_converges_after_a_failure(deployer: Deployer) -> None:
    with pytest.raises(ApplyError):
        deployer.deploy(BROKEN)

    deployer.deploy(GOOD)

    assert deployer.plan_is_empty(GOOD)
    assert deployer.record()["state"] == "released"


def test_a_failed_release_is_kept_with_its_reason(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    with pytest.raises(ApplyError):
        deployer.deploy(BROKEN)

    last = max(key for key in deployer.aws.bucket.contents if key.startswith("releases/2"))
    assert deployer.record(last)["state"] == "failed"
    assert "NameError" in str(deployer.record(last)["failure"])


def test_an_earlier_error_counts_only_once_the_new_content_was_copied(
    deployer: Deployer,
) -> None:
    deployer.deploy(GOOD)
    with pytest.raises(ApplyError):
        deployer.deploy(BROKEN)
    deployer.aws.airflow.lag = 20

    outcome = deployer.deploy(GOOD)

    assert outcome.verified


def test_old_source_is_no_proof_of_parsing(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    deployer.aws.airflow.lag = 60
    begun = deployer.aws.clock.now()

    deployer.deploy({**GOOD, "dags/a.py": "DAG(3)"})

    assert (deployer.aws.clock.now() - begun).total_seconds() >= 60


def test_a_file_that_airflow_never_parses_fails_at_the_deadline(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    deployer.aws.airflow.lag = 10_000

    with pytest.raises(ApplyError, match=r"has not parsed `dags/a\.py` within 10 minutes"):
        deployer.deploy({**GOOD, "dags/a.py": "DAG(3)"})


def test_a_dropped_file_is_deleted_and_a_strangers_is_not(deployer: Deployer) -> None:
    deployer.deploy({**GOOD, "dags/old.py": "DAG(9)"})
    deployer.aws.bucket.put("dags/theirs.py", b"x")

    deployer.deploy(GOOD)

    assert "dags/old.py" not in deployer.aws.bucket.objects
    assert "dags/theirs.py" in deployer.aws.bucket.objects


def test_pip_errors_in_the_log_fail_the_deployment_and_name_the_package(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws
    aws.stacks.on_update = lambda: aws.logs.contents.update(
        {
            ("airflow-flights-local-Worker", "requirements_install_w_2.log"): (
                "Collecting pandas",
                "ERROR: Could not find a version that satisfies the requirement nope==9 (from none)",
                "ERROR: No matching distribution found for nope==9",
            )
        }
    )
    aws.logs.created = aws.clock.now().replace(year=2027)

    with pytest.raises(ApplyError, match="installation of `nope==9` failed") as failed:
        deployer.deploy({**GOOD, "artifacts/requirements.txt": "nope==9", "dags/a.py": "DAG(4)"})

    assert failed.value.code == "apply.requirements-failed"
    assert deployer.aws.bucket.contents["dags/a.py"] == b"DAG(1)"


def test_a_failed_installation_fails_the_rerun_too(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws, bad = deployer.aws, {**GOOD, "artifacts/requirements.txt": "nope==9"}
    stream = ("airflow-flights-local-Worker", "requirements_install_w_2.log")
    aws.stacks.on_update = lambda: aws.logs.contents.update({stream: ("ERROR: no nope",)})
    aws.logs.created = aws.clock.now().replace(year=2027)
    with pytest.raises(ApplyError):
        deployer.deploy(bad)

    with pytest.raises(ApplyError, match="failed: no nope"):
        deployer.deploy(bad)

    assert len(aws.stacks.updates) == 1


def test_a_missing_log_of_pip_is_said(deployer: Deployer) -> None:
    deployer.deploy(GOOD)

    deployer.deploy({**GOOD, "artifacts/requirements.txt": "pandas==2"})

    said = "no log of pip was found: the installation of requirements is not verified"
    assert Detail(said) in deployer.events


def test_a_rolled_back_update_leaves_the_dags_as_they_were(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws
    name = "flights-local-environment"

    def roll_back() -> None:
        aws.stacks.stacks[name] = replace(aws.stacks.stacks[name], status="UPDATE_ROLLBACK_COMPLETE")
        aws.stacks.reasons = ("Environment: pip could not install nope==9",)

    aws.stacks.on_update = roll_back

    with pytest.raises(ApplyError, match="runs as before: Environment: pip could not install nope==9"):
        deployer.deploy({**GOOD, "artifacts/requirements.txt": "nope==9", "dags/a.py": "DAG(4)"})

    assert aws.bucket.contents["dags/a.py"] == b"DAG(1)"


def test_maintenance_is_outlasted_also_where_an_earlier_update_was_rolled_back(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws, name = deployer.aws, NAMES.environment_stack
    aws.stacks.stacks[name] = replace(aws.stacks.stacks[name], status="UPDATE_ROLLBACK_COMPLETE")
    aws.environments.next_statuses.extend(["MAINTENANCE", "MAINTENANCE"])

    assert deployer.deploy({**GOOD, "dags/a.py": "DAG(6)"}).verified


def test_the_statuses_of_an_update_are_told_as_they_come(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws
    aws.stacks.on_update = lambda: aws.environments.next_statuses.extend(
        ["UPDATING", "UPDATING", "MAINTENANCE"]
    )

    deployer.deploy({**GOOD, "artifacts/requirements.txt": "pandas==2"})

    told = [each.text for each in deployer.events if isinstance(each, Detail) and " is " in each.text][-4:]
    assert [each.partition(":")[0] for each in told[:3]] == [
        "environment flights-local is UPDATING",
        "environment flights-local is MAINTENANCE",
        "environment flights-local is AVAILABLE",
    ]
    assert told[1].endswith("MWAA maintains it; a change that waits follows afterwards")


@pytest.mark.parametrize("busy", ["CREATING", "CREATING_SNAPSHOT", "PENDING", "ROLLING_BACK", "MAINTENANCE"])
def test_what_mwaa_does_to_an_environment_is_awaited_and_explained(deployer: Deployer, busy: str) -> None:
    deployer.deploy(GOOD)
    deployer.aws.environments.next_statuses.extend([busy, busy])

    assert deployer.deploy({**GOOD, "dags/a.py": "DAG(6)"}).verified

    said = f"environment flights-local is {busy}: {EXPLANATIONS[busy]}"
    assert [each for each in deployer.events if isinstance(each, Detail) and each.text == said]


def test_an_update_that_mwaa_rolls_back_fails_with_its_reason(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws
    assert aws.environments.environment is not None
    failed = replace(
        aws.environments.environment, status="UPDATE_FAILED", update_error="the startup script ended with 1"
    )

    def fail() -> None:
        aws.environments.next_statuses.extend(["UPDATING", "ROLLING_BACK", "ROLLING_BACK"])
        aws.environments.environment = failed

    aws.stacks.on_update = fail

    with pytest.raises(ApplyError, match="was not changed and runs as before: the startup script") as error:
        deployer.deploy({**GOOD, "artifacts/requirements.txt": "pandas==2"})

    assert error.value.hint == "mend the cause and deploy again"
    assert error.value.context["status"] == "UPDATE_FAILED"


def test_a_failed_stack_is_named_with_its_reason(deployer: Deployer) -> None:
    name = NAMES.network_stack
    deployer.aws.cdk.failure = "`cdk deploy` ended with exit code 1"
    deployer.aws.stacks.stacks[name] = ObservedStack(name, "ROLLBACK_COMPLETE")
    deployer.aws.stacks.reasons = ("Vpc: no more VPCs", "Subnet: no VPC")

    with pytest.raises(ApplyError, match="stack `flights-local-network` failed: Vpc: no more VPCs"):
        deployer.deploy(GOOD)


def test_what_the_cdk_says_counts_where_no_stack_came_to_be(deployer: Deployer) -> None:
    deployer.aws.cdk.failure = "has the environment been bootstrapped?"

    with pytest.raises(ApplyError, match="been bootstrapped"):
        deployer.deploy(GOOD)


def test_a_failure_that_cannot_be_recorded_is_still_the_one_that_is_told(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws

    def lose_the_bucket() -> None:
        aws.bucket.present = False
        aws.environments.next_statuses.append("UNAVAILABLE")

    aws.stacks.on_update = lose_the_bucket

    with pytest.raises(ApplyError, match="environment `flights-local` is UNAVAILABLE"):
        deployer.deploy({**GOOD, "artifacts/requirements.txt": "pandas==2"})

    assert Detail("the failure could not be recorded: there is no such bucket") in deployer.events


def test_a_promotion_whose_answer_was_lost_is_no_conflict(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws
    record = encode(replace(deployer.release_of(GOOD), state=ReleaseState.RELEASED))
    aws.bucket.put("releases/current.json", record)
    written = list(aws.bucket.writes)

    promote(aws.bucket, record, '"before"', aws.clock.sleep)

    assert aws.bucket.writes == written


def test_without_waiting_nothing_is_recorded_and_the_next_deployment_verifies(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    changed = {**GOOD, "dags/a.py": "DAG(5)"}

    outcome = deployer.deploy(changed, wait=False)

    assert outcome.release is None
    assert not deployer.plan_is_empty(changed)
    assert deployer.deploy(changed).verified
    assert deployer.plan_is_empty(changed)


def test_what_an_unfinished_deployment_wrote_just_before_is_waited_for_too(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    changed = {**GOOD, "dags/lib.py": "another module"}
    deployer.deploy(changed, wait=False)
    begun = deployer.aws.clock.now()

    deployer.deploy(changed)

    # MWAA copies every 30 seconds: a parse before that may still be one with the old module.
    assert (deployer.aws.clock.now() - begun).total_seconds() > 30


def test_where_copies_are_made_sooner_a_parse_counts_sooner(deployer: Deployer) -> None:
    deployer.aws.copied_within = timedelta(seconds=6)
    deployer.deploy(GOOD)
    begun = deployer.aws.clock.now()

    deployer.deploy({**GOOD, "dags/lib.py": "another module"})

    assert 6 < (deployer.aws.clock.now() - begun).total_seconds() < 30


def test_another_deployment_in_between_keeps_this_one_from_being_promoted(deployer: Deployer) -> None:
    deployer.deploy(GOOD)
    aws = deployer.aws
    current = "releases/current.json"

    def promote_another() -> None:
        aws.bucket.put(current, aws.bucket.contents[current])

    aws.stacks.on_update = promote_another

    with pytest.raises(ApplyError, match="another deployment was recorded") as failed:
        deployer.deploy({**GOOD, "artifacts/requirements.txt": "pandas==2"})

    assert failed.value.code == "deploy.moved"


def test_credentials_of_another_account_are_refused() -> None:
    aws = InMemoryAws(identity=FixedIdentity("999999999999"))

    with pytest.raises(AccessDenied, match="belongs to account 123456789012"):
        verify_account(NAMES, aws.gateways())

    assert aws.bucket.writes == []
