"""One typed gateway per AWS service; nothing else on the production path speaks boto3."""
