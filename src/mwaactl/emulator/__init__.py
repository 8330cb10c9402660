"""The local AWS: one process on one loopback port that answers boto3, the CDK and Airflow alike."""
