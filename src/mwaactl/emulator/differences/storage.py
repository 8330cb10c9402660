"""What differs in S3 and KMS."""

from mwaactl.emulator.differences.difference import Difference

STORAGE = (
    Difference(
        "bucket policies and key policies",
        "judge every request",
        "judge users and roles' sessions; the developer's own credentials may do everything",
    ),
    Difference(
        "ETag of an object under a KMS key", "is no MD5 and new with every write", "is the content's MD5"
    ),
    Difference(
        "a wrong checksum or Content-MD5 sent with an upload",
        "is refused",
        "is accepted",
    ),
    Difference(
        "the ETag of an object in DeleteObjects",
        "keeps an object that has another one",
        "is ignored; DeleteObject with `If-Match` is not",
    ),
    Difference("ExpectedBucketOwner", "refuses a bucket of another account", "is ignored"),
    Difference(
        "encryption at rest",
        "encrypts",
        "needs the permission for the key; objects are plain in the emulator's memory",
    ),
    Difference(
        "lifecycle rules and access logs", "delete, move and log objects", "are kept and never carried out"
    ),
    Difference(
        "userIdentity and sourceIPAddress in the records of events",
        "are those of the caller",
        "are the account and the loopback address",
    ),
)
"""The rows about S3 and KMS."""
