"""Records what lies in the bucket as the current release of a project.

Run as `python -m benchmarks.s3.record ROOT`; it takes the place of a deployment that would upload every file.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.config.load import load_config, select_environment
from mwaactl.config.location import find_config
from mwaactl.desired import desired_state
from mwaactl.executor.release_files import released_files
from mwaactl.executor.release_record import encode, promote, write_release
from mwaactl.observed import ObservedState, Release, ReleaseState
from mwaactl.project.bundle import read_bundle


def main(root: Path) -> None:
    """Write the record, and promote it."""
    environment = select_environment(load_config(find_config(root)), None, os.environ)
    desired = desired_state(environment, read_bundle(root))
    session, names = AwsSession(environment.region, environment.endpoint_url), environment.names
    bucket = SourceBucket(session.client("s3"), names.source_bucket, names.account)
    observed = ObservedState(objects={each.key: each for each in bucket.list("dags/")}, bucket_exists=True)
    release = Release(
        id=f"20261123T080000000Z-{desired.digest[:8]}",
        digest=desired.digest,
        state=ReleaseState.RELEASED,
        files=released_files(desired, observed, {}),
        airflow_version=desired.airflow_version,
        git_commit=None,
        who="arn:aws:iam::123456789012:user/dora",
        when="2026-11-23T08:00:00+00:00",
    )
    record = encode(release)
    write_release(bucket, release.id, record)
    promote(bucket, record, None, time.sleep)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
