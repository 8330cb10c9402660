"""The tracing of a CDK app, with a library of constructs that needs no Node."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

LIBRARY = """
class Node:
    def __init__(self, path): self.path = path
class Construct:
    def __init__(self, scope, id):
        self.node = Node(id if scope is None else f"{scope.node.path}/{id}" if scope.node.path else id)
class Bucket(Construct):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        Construct(self, "Resource")
"""
APP = """from constructs import Bucket, Construct
class Storage(Construct):
    def __init__(self, scope):
        super().__init__(scope, "storage")
        self.bucket = Bucket(
            self, "Bucket"
        )
class Broken(Construct):
    def __init__(self, scope):
        raise ValueError("never made")
app = Construct(None, "")
Storage(app)
try:
    Broken(app)
except ValueError:
    pass
"""


def test_each_construct_is_told_at_the_line_that_asked_for_it(tmp_path: Path) -> None:
    library, project = tmp_path / "site-packages", tmp_path / "project"
    library.mkdir()
    project.mkdir()
    (library / "constructs.py").write_text(LIBRARY)
    (project / "app.py").write_text(APP)
    tracing = str(files("mwaactl.project.infrastructure").joinpath("tracing"))

    subprocess.run(
        [sys.executable, str(project / "app.py")],
        env={
            "PYTHONPATH": f"{tracing}:{library}",
            "MWAACTL_ORIGINS": str(tmp_path / "origins.json"),
            "MWAACTL_ORIGINS_ROOT": str(project),
        },
        check=True,
    )

    assert json.loads((tmp_path / "origins.json").read_text()) == {
        "": ["app.py", 11],
        "storage": ["app.py", 12],
        "storage/Bucket": ["app.py", 5],
        "storage/Bucket/Resource": ["app.py", 5],
    }
