"""Synthesises the CDK app of a project and has every scanner look at its templates."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mwaactl.project.checks.finding import Finding
from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.kept import KeptInfrastructure
from mwaactl.project.infrastructure.origins import Origins
from mwaactl.project.infrastructure.result import InfrastructureChecked
from mwaactl.project.infrastructure.scanners.checkov import checkov_lock
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanned, Scanner
from mwaactl.project.infrastructure.synthesis import CDK_JSON, ORIGINS, Synthesis, reason_of
from mwaactl.project.requirements.storage import scratch_folder, writing

_VERSIONED = ("mwaactl", "aws-cdk-lib", "cdk-nag", "cfn-lint", "cdklabs-cdk-validator-cfnguard")


@dataclass(frozen=True, slots=True)
class InfrastructureGate:
    """What the checks need.

    Attributes:
        synthesis: Runs the CDK app.
        scanners: Who looks at the templates.
        means: What they are run with.
        stage: Told what is begun.
        keep: Whether what is known from before is taken.
    """

    synthesis: Synthesis
    scanners: Sequence[Scanner]
    means: Means
    stage: Callable[[str], None]
    keep: bool = True

    @property
    def applies(self) -> bool:
        """Whether the project has a CDK app."""
        return (self.synthesis.root / CDK_JSON).is_file()


def check_infrastructure(gate: InfrastructureGate) -> InfrastructureChecked:
    """Checks what the CDK app gives; asks no AWS.

    Raises:
        ProjectError: cdk.json cannot be used, or `.mwaactl` cannot be written.
    """
    kept = KeptInfrastructure.of(gate.synthesis.root, gate.means.folder, _content(gate))
    if gate.keep and (known := kept.read()):
        return known
    with (
        writing(f".mwaactl/{gate.means.folder.name}"),
        scratch_folder(gate.means.folder, ".synth-") as folder,
    ):
        checked, whole = _looked_at(gate, folder)
    if whole:
        kept.write(checked)
    return checked


def _content(gate: InfrastructureGate) -> list[str]:
    versions = [f"{name} {_version(name)}" for name in _VERSIONED]
    scanners = [f"{each!r}" if each.name == "the rules about MWAA" else each.name for each in gate.scanners]
    return [gate.synthesis.environment, gate.means.region, checkov_lock(), *versions, *scanners]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _looked_at(gate: InfrastructureGate, folder: Path) -> tuple[InfrastructureChecked, bool]:
    """Returns the result, and whether everyone took part."""
    gate.stage("synthesising the infrastructure")
    ended = gate.synthesis.into(folder / "out")
    assembly = Assembly.read(folder / "out", gate.means.region)
    if not assembly.templates or (ended.code != 0 and not assembly.violations):
        failed = _failed(gate, reason_of(ended, gate.synthesis.root))
        return InfrastructureChecked((failed,), 0, 0, ()), False
    scanned: list[Scanned] = []
    absent: list[Finding] = []
    for scanner in gate.scanners:
        gate.stage(f"looking at {len(assembly.templates)} templates: {scanner.name}")
        try:
            scanned += scanner.scan(assembly, gate.means)
        except NotRunError as error:
            absent.append(_absent(scanner, error))
    open_ones = [each for each in scanned if assembly.reason(_construct(assembly, each), each.ids) is None]
    findings = (*absent, *_findings(gate, assembly, open_ones, folder))
    names = tuple(each.name for each in gate.scanners if not any(each.name in one.message for one in absent))
    accepted = len(scanned) - len(open_ones)
    return InfrastructureChecked(findings, len(assembly.templates), accepted, names), not absent


def _construct(assembly: Assembly, scanned: Scanned) -> str:
    return assembly.constructs.get((scanned.template, scanned.logical_id), "")


def _findings(
    gate: InfrastructureGate, assembly: Assembly, scanned: Sequence[Scanned], folder: Path
) -> Iterator[Finding]:
    """Gives findings with where they come from, for which the app is run once more, and traced."""
    if not scanned:
        return
    gate.stage("looking for where the findings come from")
    gate.synthesis.into(folder / "traced", origins=True)
    origins = Origins.read(folder / "traced" / ORIGINS)
    for each in scanned:
        construct = _construct(assembly, each)
        path, line = origins.of(construct) or (CDK_JSON, None)
        where = construct or f"{each.template} {each.logical_id}".strip()
        yield Finding(each.rule, each.severity, path, line, f"{where}: {each.message}", each.hint)


def _absent(scanner: Scanner, error: NotRunError) -> Finding:
    message = f"the infrastructure is not looked at by {scanner.name}, which {error}"
    return Finding("scanner-absent", "warning", CDK_JSON, None, message)


def _failed(gate: InfrastructureGate, reason: tuple[str, str, int | None]) -> Finding:
    why, path, line = reason
    hint = f"run `npx cdk synth -c environment={gate.synthesis.environment}` to see all that it says"
    return Finding("cdk-synth", "error", path, line, f"the CDK app fails: {why.removesuffix('.')}", hint)
