"""What differs in the account itself: state, identity, permissions, network, metrics."""

from mwaactl.emulator.differences.difference import Difference

ACCOUNT = (
    Difference(
        "resources and their data",
        "last until they are deleted",
        "outlive `mwaactl emulator down` and a crash, which may cost what the last moments changed; "
        "statements, results and sessions of the Redshift Data API end with the emulator",
    ),
    Difference(
        "permissions of users and roles",
        "judge every call, for the service and for each resource it names",
        "judge every call of a user and of a role's session; those of services that neither MWAA nor the "
        "pipelines use, such as EC2 and Athena, by their action alone",
    ),
    Difference(
        "what else limits permissions",
        "counts: an organisation's policies, a VPC endpoint's, a KMS key's grants, tags of resources and of "
        "sessions, managed policies passed to AssumeRole",
        "does not count: boundaries, session policies and the policies of buckets, keys, queues, topics, "
        "functions and secrets do",
    ),
    Difference(
        "calls of a service for another one (deliveries of SNS, stacks)",
        "are judged by the policy of the queue, topic, function or key",
        "are made by the emulator and not judged; what S3, alarms and rules of EventBridge send is, by the "
        "policy of function, queue or topic and of its key, and so is KMS, where a caller uses objects, "
        "queues and secrets",
    ),
    Difference(
        "TLS on the way to AWS's endpoint",
        "can be demanded by `aws:SecureTransport`",
        "counts as given: the emulator's endpoint speaks plain HTTP on the loopback device",
    ),
    Difference(
        "GetSessionToken and GetFederationToken",
        "give a user's session",
        "are refused to users, for their sessions would be nobody's",
    ),
    Difference(
        "AssumeRoleWithWebIdentity",
        "verifies the token, and judges the role's trust by the token's claims",
        "takes any token for any role that exists; what the session does is judged",
    ),
    Difference(
        "credentials that IAM does not know, and unsigned requests",
        "are refused",
        "belong to the account and may do everything, or what a role may (`--own-role`)",
    ),
    Difference(
        "GetCallerIdentity with the emulator's own credentials",
        "names a user or a role",
        "names `user/moto`",
    ),
    Difference(
        "a VPC that another account shares",
        "has subnets that the participants see",
        "is seen by its owner alone: an environment needs subnets of its own account",
    ),
    Difference(
        "VPC, subnets, security groups, gateways, endpoints",
        "decide what reaches what",
        "are kept as data: tasks and functions use this machine's network",
    ),
    Difference(
        "metrics of Lambda, Redshift and S3, and CloudTrail",
        "show what the services do",
        "show nothing of it; environments of MWAA have their metrics",
    ),
    Difference(
        "how long metrics are kept",
        "fifteen months, less and less fine",
        "a day and two hours, as they came",
    ),
    Difference(
        "what stands in the event `MWAA Environment Status Change`",
        "is not documented",
        "is name, ARN and status of the environment",
    ),
    Difference(
        "rules of EventBridge with a schedule",
        "tell their targets at their times",
        "are kept, and tell nobody",
    ),
    Difference(
        "budgets",
        "count costs and warn",
        "are kept: nothing costs anything here",
    ),
    Difference(
        "datapoints beyond the evaluation periods of an alarm",
        "are looked at, as many as suit the period and the resolution",
        "are looked at, two of them",
    ),
    Difference(
        "FilterLogEvents with logStreamNamePrefix",
        "searches the streams of that prefix",
        "searches all streams of the group; logStreamNames is heeded",
    ),
    Difference(
        "quotas and throttling",
        "limit requests and resources",
        "are not played, but for MWAA's environments per region and Lambda's reserved concurrency",
    ),
)
"""The rows about the account."""
