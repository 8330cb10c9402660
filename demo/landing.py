"""Lands the data set's files in the bucket; what is there already with the same content stays as it is."""

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from demo.console import Say


def land(client: "S3Client", bucket: str, prefix: str, files: dict[str, Path], say: "Say") -> None:
    """Upload every file that is not there yet with this content.

    Args:
        client: S3.
        bucket: the data bucket.
        prefix: where files land, with the slash at its end.
        files: name below the prefix, to the file.
        say: told of each upload.
    """
    for name, path in files.items():
        body = path.read_bytes()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if _checksum(client, bucket, prefix + name) != digest:
            say(f"{name}, {len(body):,} bytes")
            client.put_object(Bucket=bucket, Key=prefix + name, Body=body, ChecksumSHA256=digest)


def _checksum(client: "S3Client", bucket: str, key: str) -> str | None:
    try:
        return client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED").get("ChecksumSHA256")
    except ClientError as error:
        if error.response["Error"]["Code"] == "404":
            return None
        raise
