"""The smallest CDK app that is worth one: a stack with a bucket; `python -m benchmarks.one_bucket FOLDER`."""

import sys

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_s3 as s3


def main(folder: str) -> None:
    """Synthesise it into a folder."""
    app = App(outdir=folder, analytics_reporting=False)
    stack = Stack(app, "one", env=Environment(account="123456789012", region="us-east-1"))
    s3.Bucket(stack, "Bucket")
    app.synth()


if __name__ == "__main__":
    main(sys.argv[1])
