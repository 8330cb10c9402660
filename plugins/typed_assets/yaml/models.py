"""The keys of a pipeline's file and what each must be. Keys that are not named here are mistakes."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)

from typed_assets.yaml.durations import FORM, duration


def _duration(value: object) -> timedelta:
    found = duration(value) if isinstance(value, str) else None
    if found is None:
        message = f"must be a duration; {FORM}"
        raise ValueError(message)
    return found


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    message = "must be a day; write it as `2024-01-31`"
    raise ValueError(message)


def _scalar(value: object) -> object:
    if isinstance(value, (dict, list)):
        message = "must be text, a number, true or false"
        raise ValueError(message)  # noqa: TRY004 - pydantic's protocol
    return value


def _upstream(value: object) -> object:
    return {"asset": value} if isinstance(value, str) else value


DURATION_SCHEMA = {"type": "string", "pattern": r"^(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+(\.\d+)?s)?$"}
Duration = Annotated[timedelta, BeforeValidator(_duration), WithJsonSchema(DURATION_SCHEMA)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
LINK = "x-definition"
"""Stands in schemas for a link to a definition that pydantic does not know."""
Text = StrictStr
Scalar = Annotated[
    Any, BeforeValidator(_scalar), WithJsonSchema({"type": ["string", "number", "boolean", "null"]})
]
Schedule = Annotated[Any, WithJsonSchema({LINK: "Schedule"})]
"""Looked into by `schedules`, which tells its six forms apart."""
Arguments = dict[str, Any]
Names = list[StrictStr]


class Strict(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class NotifierModel(Strict):
    """Whom to tell when a run fails."""

    notifier: Text = Field(description="`module.Class`")
    arguments: Arguments = Field(default_factory=dict, description="for its constructor")


class DefaultsModel(Strict):
    """What `_defaults.yaml` may hold: for all pipelines of its folder and of those below it."""

    description: Text = Field(default="", description="one sentence, shown in lists")
    documentation: Text = Field(default="", description="Markdown, shown on the DAG's page")
    schedule: Schedule = Field(default=None, description="when it runs; without it, only when asked to")
    start: Day | None = Field(default=None, description="the first day that the schedule counts from")
    tags: Names = Field(default_factory=list, description="for search")
    owners: Names = Field(default_factory=list, description="people or teams")
    arguments: Arguments = Field(default_factory=dict, description="further arguments of Airflow's `DAG`")
    default_arguments: Arguments = Field(default_factory=dict, description="arguments for every operator")
    operators: dict[Text, Arguments] = Field(
        default_factory=dict, description="arguments for every step with this operator"
    )
    on_failure: list[NotifierModel] = Field(default_factory=list, description="whom to tell when a run fails")


class PipelineModel(DefaultsModel):
    """A pipeline: one DAG, or with `matrix` one for each combination of its values."""

    id: Text | None = Field(default=None, description="the DAG's id; without it, the file's name")
    matrix: dict[Text, list[Any]] | None = Field(
        default=None, description="names and lists; a DAG for each combination"
    )
    exclude: list[dict[Text, Any]] | None = Field(
        default=None, description="parts of combinations that are left out"
    )
    sources: list["AssetModel"] = Field(
        default_factory=list, description="assets of other pipelines that this one reads or waits for"
    )
    steps: list[Any] = Field(min_length=1, description="in any order")


class RetriesModel(Strict):
    """How often a task is tried again, and how long after."""

    count: StrictInt = Field(default=2, ge=0, description="how often")
    delay: Duration = Field(default=timedelta(seconds=30), description="how long after")
    exponential: StrictBool = Field(default=False, description="whether the delay doubles each time")


ForEach = dict[Text, list[Any]]


class OperatorStepModel(Strict):
    """A step that is an operator of Airflow."""

    for_each: ForEach | None = Field(default=None, description="names and lists; a step for each combination")
    id: Text = Field(description="the task's id")
    operator: Text = Field(description="`module.Class`")
    arguments: Arguments = Field(default_factory=dict, description="for its constructor, without `task_id`")
    expand: Arguments = Field(default_factory=dict, description="lists; one mapped task instance for each")
    after: Names = Field(
        default_factory=list, description="ids of steps that come first; `load_*` means all such"
    )


class ColumnModel(Strict):
    """A column and what its values must be."""

    name: Text = Field(description="as it stands in the table or the file")
    type: Literal["text", "integer", "decimal", "float", "boolean", "date", "timestamp"] = Field(
        description="its type"
    )
    nullable: StrictBool = Field(default=False, description="whether a value may be missing")
    unique: StrictBool = Field(default=False, description="whether no value may occur twice")
    minimum: Scalar = Field(default=None, description="the least value, itself allowed")
    maximum: Scalar = Field(default=None, description="the greatest value, itself allowed")
    allowed: list[Scalar] = Field(default_factory=list, description="the only values")
    pattern: Text | None = Field(default=None, description="a regular expression for the whole text")
    min_length: StrictInt | None = Field(default=None, ge=1, description="the shortest text, in characters")
    max_length: StrictInt | None = Field(default=None, ge=1, description="the longest text, in characters")
    max_bytes: StrictInt | None = Field(default=None, ge=1, description="the longest text, in bytes of UTF-8")
    description: Text = Field(default="", description="for readers")
    severity: Literal["block", "warn"] = Field(default="block", description="what a broken rule does")


class RowsModel(Strict):
    """How many rows there must be."""

    minimum: StrictInt = Field(default=1, ge=0, description="at least")
    maximum: StrictInt | None = Field(default=None, ge=0, description="at most")
    severity: Literal["block", "warn"] = Field(default="block", description="what a broken rule does")


class FreshModel(Strict):
    """How old the newest row may be."""

    column: Text = Field(description="a timestamp or a date")
    within: Duration = Field(description="how old its newest value may be")
    severity: Literal["block", "warn"] = Field(default="block", description="what a broken rule does")


class RuleModel(Strict):
    """A rule in SQL."""

    name: Text = Field(description="unique for the contract")
    sql: Text = Field(description="a SELECT that counts violations; `{table}` stands for the table")
    severity: Literal["block", "warn"] = Field(default="block", description="what a broken rule does")


class ContractModel(Strict):
    """What the data must be."""

    columns: list[ColumnModel] = Field(min_length=1, description="in the order of the table or file")
    keys: list[Names] = Field(default_factory=list, description="columns whose values together occur once")
    rows: RowsModel | None = Field(default=None, description="how many rows")
    fresh: FreshModel | None = Field(default=None, description="how old the newest row may be")
    rules: list[RuleModel] = Field(default_factory=list, description="rules in SQL, for Redshift")
    closed: StrictBool = Field(default=False, description="whether other columns are findings")


class SpanModel(Strict):
    """From when on there are partitions, and until when."""

    start: Text = Field(description="the first: `2013-01-01`, with a time for hours")
    end: Text | None = Field(default=None, description="before which it ends")


class PartitionsModel(Strict):
    """How the asset is divided: one of these keys."""

    hourly: SpanModel | None = Field(default=None, description="one an hour, UTC")
    daily: SpanModel | None = Field(default=None, description="one a day, UTC")
    static: Names | None = Field(default=None, min_length=1, description="fixed names")
    product: list["PartitionsModel"] | None = Field(
        default=None, min_length=2, max_length=2, description="every pair of two divisions"
    )


class UpstreamModel(Strict):
    """An asset that this one is made of."""

    asset: Text = Field(description="its name")
    mapping: Literal["identity", "rollup", "all", "last"] = Field(
        default="identity", description="which of its partitions a partition is made of"
    )


_UPSTREAM_SCHEMA = {"anyOf": [{"type": "string"}, {LINK: "UpstreamModel"}]}
Upstream = Annotated[UpstreamModel, BeforeValidator(_upstream), WithJsonSchema(_UPSTREAM_SCHEMA)]


class CheckModel(Strict):
    """A check beside the contract."""

    name: Text = Field(description="unique for the asset")
    run: Text = Field(description="`module:function`, or the path of a SQL file that counts violations")
    severity: Literal["block", "warn"] = Field(default="block", description="what a finding does")
    description: Text = Field(default="", description="for readers")


class FreshnessModel(Strict):
    """How old the last publication may be."""

    within: Duration = Field(description="after which the asset is late")
    warn_within: Duration | None = Field(default=None, description="after which there is a warning")


class QuarantineModel(Strict):
    """Where rows go that break the contract."""

    uri: Text = Field(description="a prefix of S3 for files, a table of the same database for a table")
    max_share: StrictFloat = Field(default=0.0, ge=0, le=1, description="which part of the rows may go there")


class WatcherModel(Strict):
    """An event trigger that tells of the asset."""

    name: Text = Field(description="unique for the asset")
    trigger: Text = Field(description="`module.Class`")
    arguments: Arguments = Field(default_factory=dict, description="for its constructor")


class AssetModel(Strict):
    """An asset that a step makes."""

    name: Text = Field(description="unique in all DAGs")
    uri: Text = Field(description="`s3://BUCKET/PREFIX/` or `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE`")
    owners: Names = Field(default_factory=list, description="people or teams")
    description: Text = Field(default="", description="Markdown")
    group: Text = Field(default="", description="for the catalogue")
    tags: Names = Field(default_factory=list, description="for search")
    contract: ContractModel | None = Field(default=None, description="what the data must be")
    partitions: PartitionsModel | None = Field(default=None, description="how it is divided")
    checks: list[CheckModel] = Field(default_factory=list, description="checks beside the contract")
    upstream: list[Upstream] = Field(default_factory=list, description="assets it is made of")
    freshness: FreshnessModel | None = Field(default=None, description="when it is late")
    quarantine: QuarantineModel | None = Field(default=None, description="where bad rows go")
    watchers: list[WatcherModel] = Field(
        default_factory=list, description="what tells of changes from outside"
    )


class AssetStepModel(Strict):
    """A step that makes one asset (`asset`) or several (`assets`)."""

    for_each: ForEach | None = Field(default=None, description="names and lists; a step for each combination")
    id: Text | None = Field(default=None, description="the step's id; without it, made of the asset's name")
    asset: AssetModel | None = Field(default=None, description="what it makes")
    assets: list[AssetModel] = Field(default_factory=list, description="what it makes, where it is several")
    make: Text = Field(description="`module:function` that makes it, or the path of a SQL file")
    after: Names = Field(
        default_factory=list, description="ids of steps that come first; `load_*` means all such"
    )
    retries: RetriesModel = Field(default=RetriesModel(), description="of its tasks")
    timeout: Duration = Field(default=timedelta(hours=1), description="of each task")


PipelineModel.model_rebuild()
