"""What a dashboard shows, as CloudWatch's dashboard bodies write it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Widget = dict[str, Any]

_COLUMNS = 24
_PERIOD = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a graph.

    Attributes:
        label: What it is called.
        namespace: The metric's namespace.
        name: The metric's name.
        dimensions: All its dimensions.
        statistic: What is shown of each period.
        right: Whether the right axis is its.
    """

    label: str
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Average"
    right: bool = False

    def rendered(self) -> list[Any]:
        """The line as a member of a widget's metrics."""
        pairs = [word for pair in self.dimensions.items() for word in pair]
        axis = {"yAxis": "right"} if self.right else {}
        return [self.namespace, self.name, *pairs, {"label": self.label, "stat": self.statistic, **axis}]


@dataclass(frozen=True, slots=True)
class Graph:
    """Lines over time.

    Attributes:
        title: What it shows.
        lines: Its lines.
        marks: Label to value: horizontal lines, such as thresholds.
    """

    title: str
    lines: Sequence[Line]
    marks: Mapping[str, float] = field(default_factory=dict)

    def rendered(self, region: str) -> Widget:
        """The widget, without its place."""
        properties: Widget = {
            "view": "timeSeries",
            "title": self.title,
            "region": region,
            "period": _PERIOD,
            "metrics": [line.rendered() for line in self.lines],
            "yAxis": {"left": {"min": 0}},
        }
        if self.marks:
            marks = [{"label": label, "value": value} for label, value in self.marks.items()]
            properties["annotations"] = {"horizontal": marks}
        return {"type": "metric", "properties": properties}


def alarm_states(title: str, arns: Sequence[str]) -> Widget:
    """The states of alarms at a glance."""
    return {"type": "alarm", "properties": {"title": title, "alarms": [*arns]}}


def newest_lines(title: str, region: str, log_groups: Sequence[str], like: str) -> Widget:
    """The newest lines of log groups that match a regular expression."""
    sources = " | ".join(f"SOURCE '{name}'" for name in log_groups)
    query = f"{sources} | fields @timestamp, @log, @message | filter @message like /{like}/"
    properties = {
        "title": title,
        "region": region,
        "view": "table",
        "query": f"{query} | sort @timestamp desc | limit 20",
    }
    return {"type": "log", "properties": properties}


def placed(rows: Iterable[tuple[int, Sequence[Widget]]]) -> list[Widget]:
    """Put widgets in their places.

    Args:
        rows: Height, and the widgets that share a row evenly.
    """
    found, top = [], 0
    for height, widgets in rows:
        width = _COLUMNS // len(widgets)
        for index, widget in enumerate(widgets):
            found.append({**widget, "x": index * width, "y": top, "width": width, "height": height})
        top += height
    return found
