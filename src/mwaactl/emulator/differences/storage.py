"""What differs in S3 and KMS."""

from mwaactl.emulator.differences.difference import Difference

STORAGE = (
    Difference("bucket policies", "judge every request", "are kept, given back and not judged"),
    Difference(
        "ETag of an object under a KMS key", "is no MD5 and new with every write", "is the content's MD5"
    ),
    Difference(
        "a wrong checksum or Content-MD5 sent with an upload",
        "is refused",
        "is accepted",
    ),
    Difference("ExpectedBucketOwner", "refuses a bucket of another account", "is ignored"),
    Difference(
        "encryption at rest",
        "encrypts, and needs permission for the key",
        "is kept as a setting: objects are plain in the emulator's memory",
    ),
    Difference(
        "lifecycle rules and access logs", "delete, move and log objects", "are kept and never carried out"
    ),
)
"""The rows about S3 and KMS."""
