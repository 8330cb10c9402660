from __future__ import annotations

import pytest

from mwaactl.executor.requirements_log import failed_package


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("ERROR: No matching distribution found for nope==9", "nope==9"),
        (
            "ERROR: Could not find a version that satisfies the requirement nope==9 (from versions: 1)",
            "nope==9",
        ),
        ("ERROR: Cannot install a==1 and b==2 because these package versions conflict", "a==1 and b==2"),
        ("    cowsay==6.1 from https://example.invalid/cowsay.whl:", "cowsay==6.1"),
        ("error: Failed to download `cowsay==6.1`", "cowsay==6.1"),
        ("  cause: Hash mismatch for `cowsay==6.1`", "cowsay==6.1"),
        ("Successfully installed cowsay-6.1", None),
    ],
)
def test_the_blamed_package_is_found(line: str, package: str | None) -> None:
    assert failed_package(line) == package
