"""A DAG that tells which flights will be late: training, evaluation, a person's approval, scores.

1. `delay_model.features` counts flights and late flights by hour, weekday, airport and carrier in the
   warehouse.
2. `delay_model.weights` is a logistic regression on January to September, in plain Python: MWAA has neither
   numpy nor scikit-learn, and Newton's method on counted groups needs neither.
3. `delay_model.evaluation` judges it by October to December. Its contract demands an AUC of 0.6 at least: a
   worse model fails the run here.
4. `approve` waits for a person. From Airflow 3.1 somebody answers in the UI, under "Required actions". On
   3.0.6 an approver puts an object `landing/approvals/delay_model/RUN_ID` into the data bucket.
5. `delay_model.scores` gives every group its chance of being late, in the warehouse.

The same flights give the same weights. Run it after `nyc_flights_elt`, which loads them.
"""

from importlib.resources import files

from reference_pipelines.delay_model.approval import approval
from reference_pipelines.delay_model.contracts import EVALUATION, FEATURES, SCORES, WEIGHTS
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS, Rows
from typed_assets import AssetContext, Sql, asset, build, operator, pipeline

FEATURES_SQL = "sql/features.sql"
WAREHOUSE = "redshift://{warehouse_workgroup}/{warehouse_database}/delay_model/"
LAKE = "s3://{data_bucket}/lake/delay_model/"

with pipeline(
    "delay_model",
    description="A model of delays, approved by a person before it scores",
    documentation=__doc__,
    tags=("reference", "machine-learning"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as model:

    @asset(
        name="delay_model.features",
        uri=WAREHOUSE + "features",
        owners=OWNERS,
        group="model",
        contract=FEATURES,
    )
    def features() -> Sql:
        """Flights and late flights by hour, weekday, airport and carrier."""
        return Sql((files("reference_pipelines.delay_model") / FEATURES_SQL).read_text(encoding="utf-8"))

    @asset(
        name="delay_model.weights",
        uri=LAKE + "weights/",
        owners=OWNERS,
        group="model",
        contract=WEIGHTS,
        upstream=[features],
    )
    def weights(context: AssetContext) -> Rows:
        """A weight for each term of the logistic regression."""
        from reference_pipelines.delay_model.steps import trained

        return trained(context.read("delay_model.features"))

    @asset(
        name="delay_model.evaluation",
        uri=LAKE + "evaluation/",
        owners=OWNERS,
        group="model",
        contract=EVALUATION,
        upstream=[weights, features],
    )
    def evaluation(context: AssetContext) -> Rows:
        """How good the model is on flights that it has not seen."""
        from reference_pipelines.delay_model.steps import evaluated

        return evaluated(context.read("delay_model.weights"), context.read("delay_model.features"))

    kind, arguments = approval()
    approve = operator("approve", kind, after=[evaluation], **arguments)

    @asset(
        name="delay_model.scores",
        uri=WAREHOUSE + "scores",
        owners=OWNERS,
        group="model",
        contract=SCORES,
        upstream=[weights, features],
        after=[approve],
    )
    def scores(context: AssetContext) -> Rows:
        """The chance of being late, for every group of flights."""
        from reference_pipelines.delay_model.steps import scored

        return scored(context.read("delay_model.weights"), context.read("delay_model.features"))


delay_model = build(model)
