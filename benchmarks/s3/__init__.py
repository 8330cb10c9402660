"""S3 with a network's latency, and who copies a DAG folder to it how fast."""
