"""Where a function's code comes from, as CreateFunction and UpdateFunctionCode take it.

moto takes the newest version of an object whichever is asked for, and fails obscurely where there is none.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.s3.exceptions import S3ClientError
from moto.s3.models import s3_backends


@dataclass(frozen=True, slots=True)
class DeployedCode:
    """A deployment package.

    Attributes:
        content: The zip file.
        sha256: Its digest, in Base64.
    """

    content: bytes
    sha256: str


def code_in_s3(account: str, partition: str, code: Mapping[str, Any]) -> DeployedCode | None:
    """Return the object that a request names; None if it names none.

    Args:
        account: The account.
        partition: AWS's partition.
        code: `S3Bucket`, `S3Key` and `S3ObjectVersion`.

    Raises:
        InvalidParameterValueException: There is no such object.
    """
    if "S3Bucket" not in code or "S3Key" not in code:
        return None
    version = code.get("S3ObjectVersion")
    try:
        found = s3_backends[account][partition].get_object(code["S3Bucket"], code["S3Key"], version)
    except S3ClientError as error:
        raise _missing(str(error.code), str(error.message)) from error
    if found is None:
        kind = "version" if version else "key"
        code_of_s3 = f"NoSuch{kind.title()}"
        raise _missing(code_of_s3, f"The specified {kind} does not exist.")
    content = bytes(found.value)
    return DeployedCode(content, b64encode(hashlib.sha256(content).digest()).decode())


def code_in_request(encoded: str | bytes) -> bytes:
    """Return the zip file that a request carries as `ZipFile`, in Base64."""
    return b64decode(encoded)


def _missing(code: str, sentence: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(
        f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {sentence}"
    )
