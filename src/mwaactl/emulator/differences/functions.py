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
        "is tried again after one minute and after two more",
        "is tried again after 1 s and 2 s more (`--retry-pause`); events that wait end with the emulator",
    ),
    Difference(
        "the folder of layers",
        "is `/opt`",
        "is another one, to which sys.path, PATH and LD_LIBRARY_PATH lead",
    ),
    Difference(
        "what SNS sends to a function",
        "is accepted, and tried again if the function fails",
        "is tried once while the sender waits; its records hold placeholders beside message and subject",
    ),
    Difference(
        "reading from a queue",
        "scales up to 1,000 batches at once, and up to MaximumConcurrency",
        "takes up to five batches at once, or MaximumConcurrency",
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
    Difference(
        "tasks of state machines",
        "act as the state machine's role",
        "call the services as the emulator, which may do everything",
    ),
    Difference("VpcConfig, TracingConfig, EphemeralStorage", "take effect", "are kept and change nothing"),
)
"""The rows about AWS Lambda."""
