"""Write the hashed locks of the emulated runtimes from the pins in the catalog.

Run it from the project root with the name of a runtime (`airflow-3.3.1`, `lambda-python3.12`), or with none
to write them all. A lock names packages, versions and hashes, never where they come from.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

CATALOG = Path(__file__).resolve().parents[1] / "src" / "mwaactl" / "catalog"


def runtimes() -> dict[str, dict[str, Any]]:
    """Return the pins of every runtime, keyed by the name of its lock."""
    pins = tomllib.loads((CATALOG / "runtime_pins.toml").read_text(encoding="utf-8"))
    return {
        f"{family}-{version}": table for family, tables in pins.items() for version, table in tables.items()
    }


def lock(uv: str, name: str, pins: dict[str, Any]) -> None:
    """Resolve one runtime and write `locks/<name>.txt`.

    Raises:
        CalledProcessError: The pins do not resolve; uv says why on standard error.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source, constraints = Path(scratch, "requirements.in"), Path(scratch, "constraints.txt")
        source.write_text("\n".join(pins["requirements"]) + "\n", encoding="utf-8")
        constraints.write_text(
            "\n".join([*pins.get("essential", ()), *pins["constraints"]]) + "\n", encoding="utf-8"
        )
        command = [uv, "pip", "compile", str(source), "--constraints", str(constraints)]
        command += [
            "--universal",
            "--python-version",
            pins["python"],
            "--exclude-newer",
            pins["exclude_newer"],
        ]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"]
        command += ["--no-config", "--output-file", str(Path(scratch, "lock.txt"))]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        target = CATALOG / "locks" / f"{name}.txt"
        target.write_bytes(Path(scratch, "lock.txt").read_bytes())
    print(f"{target.name}: {target.read_text(encoding='utf-8').count('==')} packages")


def main(arguments: list[str]) -> int:
    """Lock the named runtimes, or all; `--uv=PATH` chooses the uv."""
    known = runtimes()
    uv = next((a.removeprefix("--uv=") for a in arguments if a.startswith("--uv=")), "uv")
    wanted = [a for a in arguments if not a.startswith("--uv=")] or list(known)
    if unknown := [name for name in wanted if name not in known]:
        print(f"error: no runtime named {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted:
        lock(uv, name, known[name])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
