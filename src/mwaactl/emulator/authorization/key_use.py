"""The use of a KMS key that a call of another service entails, with the keys that key policies ask about.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.access import Access

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.authorization.call import Call


def key_use(call: Call, verb: str, key_arn: str, service: str, context: Mapping[str, str]) -> Access:
    """Return the access to a key.

    Args:
        call: The call that entails it.
        verb: What is done with the key, such as `Decrypt`.
        key_arn: The key.
        service: Through which service, as `kms:ViaService` names it.
        context: The encryption context that the service gives.
    """
    keys: dict[str, str | tuple[str, ...]] = {
        "kms:viaservice": f"{service}.{call.region}.amazonaws.com",
        "kms:calleraccount": call.account,
        "aws:viaawsservice": "true",
        "kms:encryptioncontextkeys": tuple(context),
    }
    keys |= {f"kms:encryptioncontext:{name.lower()}": value for name, value in context.items()}
    return Access(f"kms:{verb}", key_arn, MappingProxyType(keys))
