"""What a rule is, what it looks at, and what it reports."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mwaactl.template_rules.templates import Resource, Templates
from mwaactl.template_rules.values import as_mapping, text

type Level = Literal["error", "warning"]
type Path = tuple[str | int, ...]
type Found = tuple[Path, str] | tuple[Path, str, Resource]

DOCS = "https://docs.aws.amazon.com/mwaa/latest/userguide"


@dataclass(frozen=True, slots=True)
class Subject:
    """An environment with its surroundings.

    Attributes:
        resource: The AWS::MWAA::Environment.
        templates: All templates that are deployed with it.
        current_version: The Airflow version that runs now; None where that is not known or nothing runs.
    """

    resource: Resource
    templates: Templates
    current_version: str | None = None

    @property
    def properties(self) -> Mapping[str, Any]:
        """The environment's properties."""
        return self.resource.properties

    def text(self, name: str) -> str | None:
        """Returns a property that is a text; None where it is absent or not known."""
        return text(self.properties.get(name))

    def behind(self, *path: str) -> Resource | None:
        """Returns the resource that a property refers to, by the property's path."""
        value: object = self.properties
        for name in path:
            value = as_mapping(value).get(name)
        return self.templates.behind(self.resource.template, value)


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """One rule.

    Attributes:
        id: Stable, for example `MW004`.
        level: `error` for what MWAA refuses or what endangers; `warning` for what somebody may want so.
        sentence: What has to be so.
        hint: The remedy.
        page: Where AWS says so.
        look: Gives where something is wrong and what, in one sentence: a path below the properties of the
            environment, or of the resource that is named third.
    """

    id: str
    level: Level
    sentence: str
    hint: str
    page: str
    look: Callable[[Subject], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where a rule does not hold.

    Attributes:
        rule: The rule.
        resource: The resource to change.
        path: Path below its properties.
        message: What is wrong, in one sentence without a full stop.
    """

    rule: TemplateRule
    resource: Resource
    path: Path
    message: str
