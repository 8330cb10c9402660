"""Whatever is wrong with requirements.txt is found before the first write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.refused_requirements import CORPUS

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine
    from tests.fakes.refused_requirements import Attack


@pytest.mark.parametrize("attack", CORPUS.values(), ids=list(CORPUS))
def test_nothing_is_written(mwaactl: CommandLine, attack: Attack) -> None:
    for path, content in attack.files.items():
        file = mwaactl.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    result = mwaactl("deploy", "-e", "local")

    assert result.code == 1
    assert result.stderr.count("error: ") == 1 + result.stderr.count(": error: ")
    assert "Traceback" not in result.stderr
    assert "nothing was written" in result.stderr
    assert mwaactl.aws.bucket.writes == []
    assert mwaactl.aws.cdk.deployed == []
