from __future__ import annotations

import pytest

from mwaactl.planner.actions import StackParameter, VersionOf
from mwaactl.planner.artifact_changes import change_of

CHANGED = {
    "plugins": (StackParameter("PluginsVersion", VersionOf("artifacts/plugins.zip")),),
    "requirements": (StackParameter("RequirementsVersion", "v2"),),
    "script": (
        StackParameter("StartupScriptKey", "artifacts/startup.sh"),
        StackParameter("StartupScriptVersion", "v3"),
    ),
}
REMOVED = {
    "plugins": (StackParameter("PluginsKey", ""), StackParameter("PluginsVersion", "")),
    "script": (StackParameter("StartupScriptKey", ""), StackParameter("StartupScriptVersion", "")),
}


@pytest.mark.parametrize(
    ("changed", "removed", "said"),
    [
        (["requirements"], [], "requirements changed"),
        (["script"], [], "the startup script changed"),
        (["plugins", "script"], [], "plugins and the startup script changed"),
        (
            ["plugins", "requirements", "script"],
            [],
            "plugins, requirements and the startup script changed",
        ),
        ([], ["plugins"], "plugins removed"),
        (
            ["requirements"],
            ["plugins", "script"],
            "requirements changed, plugins and the startup script removed",
        ),
    ],
)
def test_what_changes_and_what_is_taken_away_are_told_apart(
    changed: list[str], removed: list[str], said: str
) -> None:
    parameters = [each for name in changed for each in CHANGED[name]]
    parameters += [each for name in removed for each in REMOVED[name]]

    assert change_of(parameters) == said
