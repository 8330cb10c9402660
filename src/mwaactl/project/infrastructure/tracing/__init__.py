"""What the process of a CDK app gets on its PYTHONPATH, and nothing else of mwaactl."""
