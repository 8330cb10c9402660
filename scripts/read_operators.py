"""Write catalog/data/operators.jsonl: which operators MWAA's image has, and what arguments they take.

Run it from the project root after a lock has changed, with the Pythons of the Airflow versions:
`python scripts/read_operators.py 3.3.1=PYTHON …`. Each Python imports the operators of its providers and
reads their signatures; `--check` compares with what stands in the file and writes nothing.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "mwaactl" / "catalog" / "data" / "operators.jsonl"
READ = """
import importlib, inspect, json, pkgutil, re, sys, warnings
warnings.simplefilter("ignore")
from typed_assets.yaml.signatures import own_arguments

import airflow.providers
from airflow.sdk import DAG, BaseOperator

KINDS = ("operators", "sensors", "transfers")

def modules(package):
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        parts = found.name.split(".")[2:]
        inside = any(part in KINDS for part in parts)
        if found.ispkg or inside:
            try:
                module = importlib.import_module(found.name)
            except Exception:
                continue
            if inside:
                yield module
            if found.ispkg:
                yield from modules(module)

def sentence(text):
    text = re.sub(r":\\w+:`~?(?:[^`<]*<)?([^`>]*)>?`", r"\\1", text or "").replace("``", "`")
    text = " ".join(text.split())
    return re.split(r"(?<=[.;]) ", text)[0].rstrip(".;")[:160]

BREAK = r"^\\s*:|\\n\\s*\\n"

def documented(kind):
    parts = re.split(r"^\\s*:param (\\w+):", inspect.cleandoc(kind.__doc__ or ""), flags=re.M)
    texts = {name: sentence(re.split(BREAK, text, flags=re.M)[0])
             for name, text in zip(parts[1::2], parts[2::2])}
    return sentence(re.split(r"\\n\\s*\\n|^\\s*[.:]", parts[0] + "\\n\\n", flags=re.M)[0]), texts

ROOTS = {BaseOperator: "airflow.sdk.BaseOperator", DAG: "airflow.sdk.DAG"}

def full(kind):
    return ROOTS.get(kind) or f"{kind.__module__}.{kind.__qualname__}"

found = {}
def note(kind, public):
    if full(kind) in found and not public:
        return
    chain = [base for base in kind.__mro__ if "__init__" in vars(base) and base is not object]
    if not chain:
        return
    summary, texts = documented(kind)
    bases, is_open = [], True
    for base in chain:
        if is_open:
            bases.append(base)
            is_open = own_arguments(base)[1] and base not in ROOTS
    entry = {}
    if chain[0] is kind:
        del bases[0]
        for base in kind.__mro__[1:]:
            texts = {**documented(base)[1], **texts}
        entry = {name: [sorted(each.kinds), each.required, list(each.choices), texts.get(name, "")]
                 for name, each in own_arguments(kind)[0].items()}
    found[full(kind)] = {"public": public, "doc": summary, "bases": [full(base) for base in bases],
                         "open": is_open, "args": entry}
    for base in bases:
        note(base, False)

note(DAG, False)
for module in modules(airflow.providers):
    for kind in list(vars(module).values()):
        own = inspect.isclass(kind) and kind.__module__ == module.__name__
        if own and not kind.__name__.startswith("_") and issubclass(kind, BaseOperator):
            note(kind, True)
print(json.dumps(found))
"""


def read(python: str) -> dict[str, Any]:
    """Return the operators that a Python with Airflow has, by full name."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PYTHONPATH": str(ROOT / "plugins"), "AIRFLOW_HOME": home}
        done = subprocess.run(
            [python, "-c", READ], check=True, capture_output=True, text=True, env=environment
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def differing(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the operators of which the file says something else than these versions, or that it lacks."""
    written = [json.loads(line) for line in TARGET.read_text(encoding="utf-8").splitlines()]
    different = []
    for version, operators in found.items():
        known = {name: entry for name, parts in written for versions, entry in parts if version in versions}
        now = {name: json.loads(json.dumps(_compact(entry))) for name, entry in operators.items()}
        names = known.keys() | now.keys()
        different += [f"{version} {name}" for name in sorted(names) if known.get(name) != now.get(name)]
    return different


def lines(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return a line for each operator: its name, then what it is, once for versions that agree."""
    written = []
    for name in sorted({name for operators in found.values() for name in operators}):
        variants: dict[str, list[str]] = {}
        for version, operators in found.items():
            if name in operators:
                variants.setdefault(json.dumps(_compact(operators[name])), []).append(version)
        parts = [[versions, json.loads(text)] for text, versions in variants.items()]
        written.append(json.dumps([name, parts], separators=(",", ":"), ensure_ascii=False))
    return written


def _compact(entry: Mapping[str, Any]) -> dict[str, Any]:
    arguments = {
        name: ["|".join(kinds), int(required), text] + ([choices] if choices else [])
        for name, (kinds, required, choices, text) in entry["args"].items()
    }
    short: dict[str, Any] = {"doc": entry["doc"]} if entry["doc"] else {}
    short |= {"bases": entry["bases"]} if entry["bases"] else {}
    short |= {} if entry["public"] else {"hidden": 1}
    short |= {"open": 1} if entry["open"] else {}
    return short | {"args": arguments}


def main(arguments: list[str]) -> int:
    """Write the file, or say with 1 that it is not what the Pythons have."""
    pythons = dict(each.split("=", 1) for each in arguments if "=" in each)
    found = {version: read(python) for version, python in sorted(pythons.items())}
    for version, operators in found.items():
        print(f"{version}: {sum(each['public'] for each in operators.values())} operators")
    if "--check" in arguments:
        print("\n".join(different := differing(found)))
        return int(bool(different))
    TARGET.write_text("\n".join(lines(found)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
