from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mwaactl.errors import Conflict
from mwaactl.observed import ObservedStack, ObservedState, ReleaseState, StoredObject
from mwaactl.planner.actions import (
    AwaitAvailable,
    AwaitParsed,
    CreateStack,
    DeleteObject,
    PutObject,
    RecordRelease,
    StackParameter,
    UpdateParameters,
    VerifyRequirements,
    VersionOf,
)
from mwaactl.planner.plan import plan
from tests.fakes.desired_states import (
    NAMES,
    REQUIREMENTS,
    dag,
    deployed,
    desired,
    module,
    released,
    requirements,
    sha,
)

if TYPE_CHECKING:
    from mwaactl.desired import DesiredState

EMPTY = ObservedState()
PARSED = "a release counts only when Airflow has parsed it"
DIFFERS = "the current release holds other files"


def test_a_second_plan_is_empty() -> None:
    state = desired(module("lib.py"), dag("a.py"), artifacts=(requirements(),))

    assert plan(state, deployed(state)).actions == ()


@pytest.mark.parametrize(
    ("queue", "opened"), [("arn:aws:sqs:us-east-1:1:airflow-celery-1", True), ("", False)]
)
def test_an_endpoint_that_leads_to_the_old_queue_is_opened_for_a_new_environment(
    queue: str, *, opened: bool
) -> None:
    state = desired(dag("a.py"))
    before = deployed(state)
    network = ObservedStack("flights-local-network", "CREATE_COMPLETE", {"CeleryQueueArn": queue})
    stacks = {name: each for name, each in before.stacks.items() if name != "flights-local-environment"}
    without = replace(before, stacks={**stacks, network.name: network}, environment=None)

    first, *_ = plan(state, without).actions
    again = plan(state, replace(before, stacks={**before.stacks, network.name: network})).actions

    reason = "the new environment has another Celery queue than the endpoint of SQS leads to"
    reopening = UpdateParameters(network.name, (StackParameter("CeleryQueueArn", ""),), reason)
    assert (first == reopening) is opened
    assert again == ()


def test_an_empty_account_gets_stacks_then_files_then_the_environment() -> None:
    state = desired(dag("a.py"), module("lib.py"), artifacts=(requirements(),))

    actions = plan(state, EMPTY).actions

    absent = "the stack does not exist"
    parameters = (
        StackParameter("PluginsKey", ""),
        StackParameter("PluginsVersion", ""),
        StackParameter("RequirementsKey", REQUIREMENTS),
        StackParameter("RequirementsVersion", VersionOf(REQUIREMENTS)),
        StackParameter("StartupScriptKey", ""),
        StackParameter("StartupScriptVersion", ""),
    )
    assert actions == (
        CreateStack("flights-local-storage", (), absent),
        CreateStack("flights-local-network", (), absent),
        CreateStack("flights-local-warehouse", (), absent),
        CreateStack("flights-local-functions", (), absent),
        PutObject(REQUIREMENTS, sha("pandas==1"), 9, 0, "it is new"),
        PutObject("dags/lib.py", sha("module"), 6, 1, "it is new"),
        PutObject("dags/a.py", sha("dag"), 3, 2, "it is new"),
        CreateStack("flights-local-environment", parameters, absent),
        CreateStack("flights-local-observability", (), "it watches the new environment"),
        AwaitAvailable("flights-local", "the environment is being created"),
        VerifyRequirements("flights-local", "MWAA only logs a failure of pip"),
        AwaitParsed(("dags/a.py",), (), ("dags/a.py", "dags/lib.py"), PARSED),
        RecordRelease(state.digest, None, "it is the first release"),
    )


def test_a_changed_dag_is_uploaded_and_only_that_one_is_awaited() -> None:
    before = desired(dag("a.py"), dag("b.py"))
    after = desired(dag("a.py", "new"), dag("b.py"))

    assert plan(after, deployed(before)).actions == (
        PutObject("dags/a.py", sha("new"), 3, 2, "its content changed", "e1"),
        AwaitParsed(("dags/a.py",), (), ("dags/a.py", "dags/b.py"), PARSED),
        RecordRelease(after.digest, '"current1"', DIFFERS),
    )


def test_a_changed_module_makes_every_dag_be_parsed_again() -> None:
    before = desired(module("lib.py"), dag("a.py"))
    after = desired(module("lib.py", "new"), dag("a.py"))

    awaited = plan(after, deployed(before)).actions[1]

    assert awaited == AwaitParsed((), ("dags/a.py",), ("dags/lib.py", "dags/a.py"), PARSED)


@pytest.mark.parametrize("after", [desired(), desired(module("lib.py", "new"))])
def test_without_a_file_that_defines_a_dag_no_parsing_is_awaited(after: DesiredState) -> None:
    actions = plan(after, deployed(desired(module("lib.py"), dag("a.py")))).actions

    assert not any(isinstance(each, AwaitParsed) for each in actions)
    assert isinstance(actions[-1], RecordRelease)


def test_new_requirements_reach_the_environment_before_the_dags_that_need_them() -> None:
    before = desired(dag("a.py"), artifacts=(requirements(),))
    after = desired(dag("a.py", "new"), artifacts=(requirements("pandas==2"),))

    actions = plan(after, deployed(before)).actions

    version = StackParameter("RequirementsVersion", VersionOf(REQUIREMENTS))
    assert actions[:5] == (
        PutObject(REQUIREMENTS, sha("pandas==2"), 9, 0, "its content changed", "e1"),
        UpdateParameters(NAMES.environment_stack, (version,), "requirements changed"),
        AwaitAvailable("flights-local", "the environment is being updated"),
        VerifyRequirements("flights-local", "MWAA only logs a failure of pip"),
        PutObject("dags/a.py", sha("new"), 3, 2, "its content changed", "e1"),
    )


def test_an_artifact_that_the_project_dropped_is_detached() -> None:
    before = desired(dag("a.py"), artifacts=(requirements(),))
    after = desired(dag("a.py"))

    update = plan(after, deployed(before)).actions[0]

    gone = (StackParameter("RequirementsKey", ""), StackParameter("RequirementsVersion", ""))
    assert update == UpdateParameters(NAMES.environment_stack, gone, "requirements removed")


def test_a_dropped_file_of_ours_is_deleted_after_the_uploads() -> None:
    before = desired(dag("a.py"), dag("old.py"))
    after = desired(dag("a.py", "new"))

    actions = plan(after, deployed(before)).actions

    reason = "an earlier release wrote it and this one does not have it"
    assert actions[:2] == (
        PutObject("dags/a.py", sha("new"), 3, 2, "its content changed", "e1"),
        DeleteObject("dags/old.py", reason, "e1"),
    )


def test_a_strangers_file_is_left_alone() -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    objects = {**observed.objects, "dags/theirs.py": StoredObject("dags/theirs.py", "e9")}

    assert plan(state, replace(observed, objects=objects)).actions == ()


def test_what_an_unfinished_release_wrote_is_ours_to_delete() -> None:
    state = desired(dag("a.py"))
    failed = replace(released(desired(dag("half.py")), 2), state=ReleaseState.FAILED)
    observed = deployed(state)
    objects = {**observed.objects, "dags/half.py": StoredObject("dags/half.py", "e2")}

    first = plan(state, replace(observed, objects=objects, unfinished=(failed,))).actions[0]

    assert isinstance(first, DeleteObject)
    assert first.key == "dags/half.py"


def test_a_copy_that_someone_else_changed_is_written_again() -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    foreign = {"dags/a.py": StoredObject("dags/a.py", "e9", "v9", sha("other"))}

    first = plan(state, replace(observed, objects=foreign)).actions[0]

    reason = "the bucket's copy was changed by someone else"
    assert first == PutObject("dags/a.py", sha("dag"), 3, 2, reason, "e9")


def test_an_object_that_was_removed_by_hand_is_written_again() -> None:
    state = desired(dag("a.py"))

    first = plan(state, replace(deployed(state), objects={})).actions[0]

    assert first == PutObject("dags/a.py", sha("dag"), 3, 2, "it is gone from the bucket")


def test_a_rewrite_of_the_same_content_changes_nothing() -> None:
    state = desired(dag("a.py"), artifacts=(requirements(),))
    observed = deployed(state)
    rewritten = {
        each.key: StoredObject(each.key, "e9", "v9", each.sha256)
        for each in (*state.dags, *(artifact.object for artifact in state.artifacts))
    }

    assert plan(state, replace(observed, objects=rewritten)).actions == ()


def test_files_of_a_deployment_that_died_are_not_uploaded_twice() -> None:
    state = desired(dag("a.py"))
    observed = replace(
        deployed(desired()), objects={"dags/a.py": StoredObject("dags/a.py", "e5", "v5", sha("dag"))}
    )

    assert plan(state, observed).actions == (
        AwaitParsed(("dags/a.py",), (), ("dags/a.py",), PARSED),
        RecordRelease(state.digest, '"current1"', DIFFERS),
    )


def test_a_stack_whose_creation_was_rolled_back_is_created_anew() -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    name = NAMES.warehouse_stack
    broken = {**observed.stacks, name: replace(observed.stacks[name], status="ROLLBACK_COMPLETE")}

    first = plan(state, replace(observed, stacks=broken)).actions[0]

    assert first == CreateStack(name, (), "the stack is ROLLBACK_COMPLETE")


def test_a_busy_stack_is_refused_by_name() -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    name = NAMES.environment_stack
    busy = {**observed.stacks, name: replace(observed.stacks[name], status="UPDATE_IN_PROGRESS")}

    with pytest.raises(Conflict, match="flights-local-environment` is UPDATE_IN_PROGRESS"):
        plan(state, replace(observed, stacks=busy))


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_a_stack_that_takes_no_update_is_refused_before_the_upload_and_only_then(status: str) -> None:
    first = desired(dag("a.py"), artifacts=(requirements(),))
    observed = deployed(first)
    name = NAMES.environment_stack
    stuck = replace(observed, stacks={**observed.stacks, name: replace(observed.stacks[name], status=status)})

    with pytest.raises(Conflict, match=f"is {status}, so it takes no update") as refused:
        plan(desired(dag("a.py"), artifacts=(requirements("pandas==2"),)), stuck)

    assert refused.value.hint
    assert plan(first, stuck).is_empty


def test_a_busy_environment_is_awaited() -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    assert observed.environment is not None
    busy = replace(observed.environment, status="MAINTENANCE")

    first = plan(state, replace(observed, environment=busy)).actions[0]

    assert first == AwaitAvailable("flights-local", "the environment is MAINTENANCE")


@pytest.mark.parametrize("left", [None, "DELETED"])
def test_an_environment_that_was_deleted_past_its_stack_is_refused_and_without_one_created(
    left: str | None,
) -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    assert observed.environment is not None
    environment = replace(observed.environment, status=left) if left else None
    lost = replace(observed, environment=environment)
    stacks = {name: each for name, each in observed.stacks.items() if name != NAMES.environment_stack}

    with pytest.raises(Conflict, match="`flights-local` does not exist, and its stack") as refused:
        plan(state, lost)
    created = plan(state, replace(lost, stacks=stacks)).actions

    assert "delete the stack too" in (refused.value.hint or "")
    command = "aws cloudformation delete-stack --stack-name flights-local-environment --region us-east-1"
    assert f"`{command}`" in (refused.value.hint or "")
    assert any(isinstance(each, CreateStack) and each.stack == NAMES.environment_stack for each in created)


@pytest.mark.parametrize("status", ["UNAVAILABLE", "CREATE_FAILED", "DELETING"])
def test_an_environment_that_can_take_no_change_is_refused_with_a_remedy(status: str) -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    assert observed.environment is not None
    broken = replace(observed.environment, status=status, update_error="INCORRECT_CONFIGURATION: no role")

    with pytest.raises(Conflict, match=f"is {status}: INCORRECT_CONFIGURATION") as refused:
        plan(state, replace(observed, environment=broken))

    assert refused.value.hint


def test_a_release_for_another_version_of_airflow_is_told_from_one_with_other_files() -> None:
    state = desired(dag("a.py"))
    newer = plan(replace(state, airflow_version="3.2.1"), deployed(state))
    other = plan(replace(desired(dag("b.py")), airflow_version="3.2.1"), deployed(state))

    assert newer.actions[-1].reason == "the current release is for Airflow 3.3.1"
    assert other.actions[-1].reason == "the current release holds other files"


def test_a_stack_whose_rollback_failed_is_refused_with_the_command_that_finishes_it() -> None:
    state = desired(dag("a.py"))
    observed = deployed(state)
    name = NAMES.environment_stack
    stuck = replace(observed.stacks[name], status="UPDATE_ROLLBACK_FAILED")
    wanted = desired(dag("a.py"), artifacts=(requirements(),))

    with pytest.raises(Conflict) as refused:
        plan(wanted, replace(observed, stacks={**observed.stacks, name: stuck}))

    assert refused.value.hint == (
        "finish its rollback with "
        f"`aws cloudformation continue-update-rollback --stack-name {name} --region us-east-1`"
    )
