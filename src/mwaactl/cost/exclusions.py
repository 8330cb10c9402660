"""What a bill has besides the lines of an estimate."""

EXCLUSIONS = (
    "taxes, free tiers, discounts and support",
    "transfer between zones, between regions and to the internet",
    "requests to S3, KMS, Secrets Manager, Lambda, SNS, SQS, DynamoDB and the Redshift Data API",
    "older versions of objects, access logs and snapshots",
    "capacity beyond the warehouse's base, which Redshift adds for heavy queries",
    "VPC endpoints that MWAA makes by itself, and metrics that Airflow publishes: their price was not found",
    "one more dollar a month for the key after each of its first two rotations",
    "NAT gateways and endpoints that an existing VPC has already",
    "what the pipelines use elsewhere",
)
