"""Runs the checks that an asset has beside its contract."""

from dataclasses import replace

from typed_assets.building.makers import call, imported
from typed_assets.context import AssetContext
from typed_assets.spec.assets import Check
from typed_assets.spec.errors import SpecError
from typed_assets.spec.publication import CheckResult


def own_results(context: AssetContext) -> tuple[CheckResult, ...]:
    """Return what the Python checks of an asset find; SQL files are the audit's.

    Raises:
        SpecError: a check is not there, or says nothing.
    """
    return tuple(_result(check, context) for check in context.asset.checks if not check.run.endswith(".sql"))


def _result(check: Check, context: AssetContext) -> CheckResult:
    """Return what one check found: it answers how many rows are bad, whether all is well, or a result."""
    match call(imported(check.run), context):
        case bool(passed):
            return CheckResult(name=check.name, passed=passed, severity=check.severity)
        case int(count):
            return CheckResult(
                name=check.name, passed=count == 0, severity=check.severity, violations=count, expected="0"
            )
        case CheckResult() as result:
            return replace(result, name=check.name, severity=check.severity)
        case other:
            message = f"check `{check.name}` of `{context.asset.name}` answered {type(other).__name__}"
            hint = "return how many rows are bad, whether all is well, or a `CheckResult`"
            raise SpecError(message, hint=hint)
