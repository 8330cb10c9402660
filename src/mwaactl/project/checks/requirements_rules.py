"""All rules that look at requirements.txt alone, in the order in which their findings help most."""

from mwaactl.project.checks.finding import Rule
from mwaactl.project.checks.requirements_constrained import requirements_constrained
from mwaactl.project.checks.requirements_constraints import requirements_constraints
from mwaactl.project.checks.requirements_encoding import requirements_encoding
from mwaactl.project.checks.requirements_essential import requirements_essential
from mwaactl.project.checks.requirements_hashes import requirements_hashes
from mwaactl.project.checks.requirements_pinned import requirements_pinned
from mwaactl.project.checks.requirements_readable import requirements_readable
from mwaactl.project.checks.requirements_sources import requirements_sources
from mwaactl.project.checks.requirements_twice import requirements_twice
from mwaactl.project.checks.requirements_wheelhouse import requirements_wheelhouse

REQUIREMENTS_RULES: tuple[Rule, ...] = (
    requirements_encoding,
    requirements_readable,
    requirements_pinned,
    requirements_sources,
    requirements_constraints,
    requirements_essential,
    requirements_constrained,
    requirements_hashes,
    requirements_twice,
    requirements_wheelhouse,
)
