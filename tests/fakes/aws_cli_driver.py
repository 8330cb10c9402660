"""Runs commands of the AWS CLI in one process: a list of arguments per line in, what it said per line out.

Starting the CLI takes two seconds, nearly all of it for imports.
"""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver


def answer(arguments: list[str]) -> dict[str, object]:
    said = io.BytesIO()
    out, errors = io.TextIOWrapper(said, write_through=True), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            code = create_clidriver().main(arguments)
        except SystemExit as left:
            code = left.code
    return {"code": code, "stdout": said.getvalue().decode(), "stderr": errors.getvalue()}


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
    sys.stdout.flush()
