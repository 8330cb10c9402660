"""The source bucket's artifacts, read at exactly the versions that an environment names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.failure_codes import INCORRECT_CONFIGURATION

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

    from mwaactl.emulator.mwaa.host import ArtifactRef


def read_artifact(s3: S3Client, bucket: str, artifact: ArtifactRef | None) -> bytes | None:
    """Return the artifact's content, or None where the environment has none.

    An empty key counts as none, as in MWAA's own API.

    Args:
        s3: A boto3 S3 client.
        bucket: The environment's source bucket.
        artifact: Key and version.

    Raises:
        HostFailure: If the object or that version of it can't be read.
    """
    if artifact is None or not artifact.key:
        return None
    request: GetObjectRequestTypeDef = {"Bucket": bucket, "Key": artifact.key}
    if artifact.version_id:
        request["VersionId"] = artifact.version_id
    try:
        content: bytes = s3.get_object(**request)["Body"].read()
    except ClientError as error:
        version = artifact.version_id or "(newest)"
        message = f"Unable to read version {version} of file {artifact.key} in bucket {bucket}"
        raise HostFailure(INCORRECT_CONFIGURATION, message) from error
    return content
