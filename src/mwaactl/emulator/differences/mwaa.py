"""What differs in MWAA's API and in front of an environment's web server."""

from mwaactl.emulator.differences.difference import Difference

MWAA = (
    Difference(
        "a request body that is no JSON, a member of the wrong type",
        "is refused by the front end, with an error that the service's model does not name",
        "is refused with ValidationException",
    ),
    Difference(
        "creation, update",
        "20 to 40 minutes, 10 to 30 minutes",
        "seconds, once the packages are on this machine",
    ),
    Difference(
        "status DELETED",
        "is shown for a while after an environment is gone",
        "is followed at once by ResourceNotFoundException",
    ),
    Difference(
        "EndpointManagement SERVICE",
        "makes the environment's VPC endpoints",
        "makes none: nothing of the environment is in the VPC",
    ),
    Difference(
        "going back from Airflow 3 to 2.11",
        "is possible",
        "is possible on PostgreSQL; on SQLite, where that cannot run, it ends in UPDATE_FAILED",
    ),
    Difference(
        "environment class, numbers of workers, schedulers and web servers",
        "give memory, processors and processes",
        "are judged, kept and shown, and change nothing: there is one of each component",
    ),
    Difference(
        "permissions of the caller, the key's policy",
        "are tried out before an environment is created: MWAA makes endpoints and grants for the caller",
        "are not needed: the caller needs `airflow:CreateEnvironment` and `iam:PassRole`, the key must exist",
    ),
    Difference(
        "WebserverAccessMode",
        "decides from where the web server is reached",
        "is kept: the web server is reached from this machine",
    ),
    Difference(
        "web server's address",
        "is a host name under amazonaws.com with a public certificate",
        "is `localhost:PORT`: http, and https with a certificate of the emulator's own authority, which "
        "clients trust after `mwaactl emulator env`",
    ),
    Difference("weekly maintenance", "replaces containers in its window", "never happens"),
    Difference(
        "tasks that a FORCED update ends",
        "fail when Airflow misses their heartbeats, after up to five minutes",
        "fail at once",
    ),
    Difference(
        "an update that failed through CloudFormation",
        "is followed by another one with the previous settings",
        "leaves the environment in UPDATE_FAILED, running as before, until the next update",
    ),
)
"""The rows about MWAA's API and front door."""
