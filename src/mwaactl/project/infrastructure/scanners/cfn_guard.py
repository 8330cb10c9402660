"""cfn-guard with the rules of AWS Control Tower.

Program and rules come inside the wheel cdklabs-cdk-validator-cfnguard, packed as an npm package.
"""

import json
import platform
import re
import tarfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanned, template_files

_PACKAGE = "cdklabs"
_WHEEL = "cdklabs-cdk-validator-cfnguard"
_SYSTEMS = {"Linux": "ubuntu", "Darwin": "macos"}
_MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
_FAILED_RULES = 19
_MESSAGE = re.compile(
    r"\[(?P<id>CT\.[A-Z0-9.]+)\]: (?P<text>.+?)\s*(?:\[FIX\]: (?P<fix>.+?)\s*)?$", re.DOTALL
)
_RESOURCE = re.compile(r"/Resources/(\w+)")


class ControlTower:
    """Runs cfn-guard."""

    @property
    def name(self) -> str:
        """What people call it."""
        return "cfn-guard"

    def scan(self, assembly: Assembly, means: Means) -> Iterator[Scanned]:
        """Looks at each template by itself.

        Raises:
            NotRunError: It is not installed, there is no program for this machine, or it failed.
        """
        package = _unpacked(means.folder)
        rules = package / "rules" / "control-tower" / "cfn-guard"
        command = [str(_program(package)), "validate", "--rules", str(rules), "--output-format", "json"]
        ended = means.run(
            [*command, "--structured", "--show-summary", "none", "--data", *template_files(assembly)],
            cwd=assembly.folder,
            environ=means.environ,
        )
        if ended.code not in {0, _FAILED_RULES}:
            why = f"failed: {(ended.stderr.strip().splitlines() or ['it said nothing'])[-1]}"
            raise NotRunError(why)
        for file in json.loads(ended.stdout):
            for found in file["not_compliant"]:
                yield from _scanned(Path(file["name"]).name, found)


def _scanned(template: str, found: Mapping[str, Any]) -> Iterator[Scanned]:
    """One finding for each resource: the answer is a tree in which messages and paths lie at many depths."""
    texts = list(_texts(found))
    message = next((match for text in texts if (match := _MESSAGE.search(text.strip()))), None)
    rule = message["id"] if message else str(found["Rule"]["name"])
    said = " ".join(message["text"].split()) if message else f"the rule {rule} does not hold"
    hint = " ".join(message["fix"].split()).removesuffix(".") if message and message["fix"] else None
    resources = dict.fromkeys(match[1] for text in texts for match in [_RESOURCE.match(text)] if match)
    for logical_id in resources or [""]:
        yield Scanned((f"ControlTower::{rule}",), "error", template, logical_id, said, hint)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any shape
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass


def _unpacked(folder: Path) -> Path:
    """The npm package, unpacked once."""
    spec = find_spec(_PACKAGE)
    locations = list(spec.submodule_search_locations or ()) if spec else []
    archives = [
        each for base in locations for each in Path(base).glob("cdk_validator_cfnguard/_jsii/*.jsii.tgz")
    ]
    if not archives:
        why = f"is not installed: install the package {_WHEEL} beside mwaactl"
        raise NotRunError(why)
    target = folder / f"cfn-guard-{version(_WHEEL)}"
    if not (target / "package" / "bin").is_dir():
        target.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archives[0]) as archive:
            archive.extractall(target, filter="data")
    return target / "package"


def _program(package: Path) -> Path:
    system, machine = _SYSTEMS.get(platform.system()), _MACHINES.get(platform.machine())
    if system is None or machine is None:
        why = f"has no program for {platform.system()} on {platform.machine()}"
        raise NotRunError(why)
    program = package / "bin" / system / machine / "cfn-guard"
    program.chmod(0o755)
    return program
