"""Write catalog/data/import_names.toml: what can be imported in MWAA's image of each Airflow version.

Run it from the project root after the locks have changed. Each lock is installed into a scratch environment,
and the files of its packages are read; nothing of them is imported. `--uv=PATH` chooses the uv.
"""

import json
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

CATALOG = Path(__file__).resolve().parents[1] / "src" / "mwaactl" / "catalog"
TARGET = CATALOG / "data" / "import_names.toml"
# Stands in the image itself, on PYTHONPATH (images/airflow/*/python in amazon-mwaa-docker-images).
IMAGE = {"mwaa", "pip"}
# cron_descriptor and cryptography have shipped files of their own build beside themselves.
STRAY = {"tools", "rust"}
# Runs in the scratch environment, whose Python may be older than this one.
READ = """
import json, sys
from importlib.metadata import distributions
names, regular = set(), set()
for distribution in distributions(path=[path for path in sys.path if path.endswith("site-packages")]):
    for file in distribution.files or ():
        top, *below = file.parts
        if below or file.suffix == ".py" or ".so" in file.suffixes:
            names.add(top.split(".")[0])
        if not below or below[0].split(".")[0] == "__init__":
            regular.add(top.split(".")[0])
print(json.dumps([sorted(names & regular), sorted(names - regular), sorted(sys.stdlib_module_names)]))
"""
HEAD = """\
# Names that can be imported in MWAA's image; `scripts/read_import_names.py` writes this file.

[source]
read = {today}
stated = 2026-08-20
where = [
  "the files of the packages in catalog/locks",
  "sys.stdlib_module_names of each Python",
  "github.com/aws/amazon-mwaa-docker-images commit 9d2bebb: images/airflow/*/python",
]
"""


def read_names(uv: str, version: str, python: str) -> list[set[str]]:
    """Return installed modules and packages, folders that packages share, and the standard library."""
    with tempfile.TemporaryDirectory() as scratch:
        interpreter = str(Path(scratch, "bin", "python"))
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", python, scratch], check=True)
        lock = str(CATALOG / "locks" / f"airflow-{version}.txt")
        sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", interpreter, lock]
        subprocess.run(sync, check=True)
        done = subprocess.run([interpreter, "-c", READ], check=True, capture_output=True, text=True)
    return [{name for name in names if name.isidentifier()} - STRAY for names in json.loads(done.stdout)]


def table(title: str, rows: Iterable[tuple[str, set[str]]]) -> str:
    """Return a TOML table of lists of names."""
    lines = [f"[{title}]"]
    for key, names in rows:
        listed = ", ".join(f'"{name}"' for name in sorted(names))
        lines += [f'"{key}" = [', textwrap.indent(textwrap.fill(f"{listed},", 108), "  "), "]"]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file."""
    uv = next((a.removeprefix("--uv=") for a in arguments if a.startswith("--uv=")), "uv")
    versions = tomllib.loads((CATALOG / "data" / "versions.toml").read_text(encoding="utf-8"))["version"]
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    installed, shared, standard = {}, {}, {}
    for row in versions:
        airflow, python = row["airflow"], row["python"]
        found = read_names(uv, airflow, sys.executable if python == own else python)
        public = {name for name in found[0] if not name.startswith("_")}
        installed[airflow], shared[airflow], standard[python] = public | IMAGE, found[1], found[2]
        print(f"{airflow}: {len(public)} names")
    parts = [HEAD.format(today=datetime.now(UTC).date())]
    parts += [table("installed", installed.items()), table("shared", shared.items())]
    parts.append(table("standard_library", standard.items()))
    TARGET.write_text("\n".join(parts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
