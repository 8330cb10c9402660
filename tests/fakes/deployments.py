"""Deploys folders of sources with the real planner and the real executor to an AWS in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from mwaactl.desired import DesiredObject, DesiredState
from mwaactl.executor.apply import Executor
from mwaactl.executor.lock.session import LockSession
from mwaactl.executor.observe import observe
from mwaactl.observed import Release, ReleaseState
from mwaactl.planner.plan import plan
from mwaactl.project.dag_files import placed
from mwaactl.project.source_facts import facts_of
from tests.fakes.desired_states import NAMES, sha
from tests.fakes.in_memory_aws import InMemoryAws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.planner.actions import Plan
    from mwaactl.project.source_facts import SourceFacts


@cache
def facts(key: str, source: str) -> SourceFacts:
    """Returns the facts of a file; many generated folders share their files."""
    return facts_of(key, source.encode())


def state_of(files: Mapping[str, str]) -> DesiredState:
    """Returns the desired state of a DAG folder: path below it to source."""
    code = {f"dags/{name}": source for name, source in files.items()}
    known = {key: facts(key, source) for key, source in code.items()}
    imports, stages = placed(known)
    objects = (
        DesiredObject(
            key,
            sha(source),
            len(source),
            stages[key],
            known[key].defines_dag,
            imports=imports[key],
            facts=known[key],
        )
        for key, source in code.items()
    )
    return DesiredState(NAMES, "3.3.1", tuple(sorted(objects, key=lambda each: (each.stage, each.key))), ())


@dataclass(slots=True)
class Deployments:
    """One environment that is deployed to again and again."""

    aws: InMemoryAws = field(default_factory=InMemoryAws)

    def plan(self, files: Mapping[str, str]) -> Plan:
        """Plans the deployment of a folder."""
        state = state_of(files)
        return plan(state, observe(state, self.aws.gateways()))

    def deploy(self, files: Mapping[str, str]) -> tuple[Plan, list[str]]:
        """Deploys a folder; returns the plan, and the writes to the DAG folder in order."""
        self.aws.clock.sleep(60)
        state, gateways = state_of(files), self.aws.gateways()
        observed = observe(state, gateways)
        made = plan(state, observed)
        lock = LockSession(gateways, lambda _: None)
        executor = Executor(
            desired=state,
            observed=observed,
            gateways=gateways,
            lock=lock,
            read=lambda key: files[key.removeprefix("dags/")].encode(),
            log_groups=(),
            release=self._release(state),
            listener=lambda _: None,
        )
        begin = len(self.aws.bucket.writes)
        with lock:
            executor.apply(made)
        writes = self.aws.bucket.writes[begin:]
        return made, [each for each in writes if each.split()[1].startswith("dags/")]

    def _release(self, state: DesiredState) -> Release:
        now = self.aws.clock.now()
        release_id = f"{now:%Y%m%dT%H%M%SZ}-{state.digest[:8]}"
        return Release(
            release_id, state.digest, ReleaseState.APPLYING, (), "3.3.1", None, "dora", now.isoformat()
        )
