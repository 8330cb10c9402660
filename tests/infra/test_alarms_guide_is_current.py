"""The guide's table of alarms: made from the catalogue, and true of the template."""

import re
import tomllib
from pathlib import Path

from infra.alarm_table import with_table
from infra.constructs.environment_alarms import alarm_name
from mwaactl.catalog.alarms import alarms
from mwaactl.config.schema import ProjectFile
from tests.infra.templates import SynthesisedEnvironment, properties

GUIDE = Path("docs", "guides", "alarms.md")
ROW = re.compile(r"^\| `(\w+)` \| (page|warn) \| (.+?) \| (.+?) \| .+ \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_the_guide_is_current(project_root: Path) -> None:
    text = (project_root / GUIDE).read_text(encoding="utf-8")

    assert text == with_table(text), "write it anew with `make docs`"


def test_each_row_is_an_alarm_of_the_template(project_root: Path, dev: SynthesisedEnvironment) -> None:
    text = (project_root / GUIDE).read_text(encoding="utf-8")
    rows = ROW.findall(text)
    found = {each["AlarmName"]: each for each in properties(dev.observability, "AWS::CloudWatch::Alarm")}

    assert {alarm_name("flights-dev", name) for name, *_ in rows} == set(found)
    for name, severity, condition, missing, meaning, first in rows:
        alarm = found[alarm_name("flights-dev", name)]
        assert severity == alarms()[name].severity
        assert alarm["AlarmDescription"] == f"{meaning}. First: {first}."
        assert (missing == "fires") == (alarm["TreatMissingData"] == "breaching")
        spans = f"{alarm['EvaluationPeriods']} x " if alarm["EvaluationPeriods"] > 1 else ""
        seconds = alarm.get("Period") or alarm["Metrics"][1]["MetricStat"]["Period"]
        assert condition.endswith(f"for {spans}{seconds // 60} min")


def test_configuration_of_the_guide_is_understood(project_root: Path) -> None:
    text = (project_root / GUIDE).read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file = ProjectFile.model_validate({"project": "flights", **tomllib.loads(shown)})

    assert file.environments["prod"].budget.monthly_usd == 900
    assert file.environments["dev"].alarms.enabled is False
