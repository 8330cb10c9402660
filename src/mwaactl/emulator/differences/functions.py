"""What differs in AWS Lambda."""

from mwaactl.emulator.differences.difference import Difference

FUNCTIONS = (
    Difference(
        "isolation",
        "a virtual machine with a read-only file system and a `/tmp` of its own",
        "a process of your user on this machine",
    ),
    Difference("memory", "also decides the share of a processor", "is a limit only"),
    Difference(
        "an asynchronous invocation that fails",
        "is tried twice more, then goes to the dead letter queue",
        "is logged",
    ),
    Difference(
        "invocations beyond the account's concurrency",
        "are throttled",
        "wait until one of ten places is free",
    ),
    Difference(
        "Python and operating system",
        "are those of Lambda's image",
        "are this machine's; boto3 has the version of Lambda's image",
    ),
    Difference("VpcConfig, TracingConfig, EphemeralStorage", "take effect", "are kept and change nothing"),
)
"""The rows about AWS Lambda."""
