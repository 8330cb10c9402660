"""Ten mistakes in pipelines' files and what is said of each, by Airflow and by `mwaactl check` alike."""

# ruff: noqa: E501 - sentences are compared whole

REDSHIFT = "airflow.providers.amazon.aws.operators.redshift_data.RedshiftDataOperator"
EMPTY = "airflow.providers.standard.operators.empty.EmptyOperator"
STEPS = f"steps:\n  - {{id: a, operator: {EMPTY}}}\n"

GOOD = f"""\
description: Is right
schedule: "@daily"
start: 2024-01-01
steps:
  - id: load
    operator: {REDSHIFT}
    arguments: {{database: dev, workgroup_name: wg, sql: {{$ref: ../sql/load.sql}}, execution_timeout: 15m}}
  - {{id: done, operator: {EMPTY}, after: [load]}}
"""

MISTAKES = {
    "misspelt_key": (
        f"schedul: '@daily'\n{STEPS}",
        (1, "schedul", "there is no key `schedul` here", "did you mean `schedule`?"),
    ),
    "unknown_argument": (
        f"steps:\n  - id: a\n    operator: {REDSHIFT}\n    arguments:\n      sql: select 1\n      workgroup_nam: wg\n",
        (
            6,
            "steps[0].arguments.workgroup_nam",
            "`RedshiftDataOperator` has no argument `workgroup_nam`",
            "did you mean `workgroup_name`?",
        ),
    ),
    "missing_upstream": (
        f"{STEPS}  - id: b\n    operator: {EMPTY}\n    after: [aa]\n",
        (
            5,
            "steps[1].after[0]",
            "step `b` comes after `aa`, which is no step here",
            "did you mean `a`?",
        ),
    ),
    "wrong_type": (
        f"steps:\n  - id: a\n    operator: {REDSHIFT}\n    arguments: {{sql: select 1, wait_for_completion: no}}\n",
        (
            4,
            "steps[0].arguments.wait_for_completion",
            "argument `wait_for_completion` of `RedshiftDataOperator` must be true or false, not the text `no`",
            "`no` is text in YAML 1.2; write `false`",
        ),
    ),
    "cycle": (
        f"steps:\n  - {{id: a, operator: {EMPTY}, after: [b]}}\n  - {{id: b, operator: {EMPTY}, after: [a]}}\n",
        (
            2,
            "steps[0].after",
            "these steps wait for one another: `a` → `b` → `a`",
            "take one of them out of `after`",
        ),
    ),
    "duplicate_id": (
        f"{STEPS}  - {{id: a, operator: {EMPTY}}}\n",
        (3, "steps[1].id", "two steps have the id `a`", None),
    ),
    "unknown_operator": (
        f"steps:\n  - id: a\n    operator: {REDSHIFT.replace('DataOp', 'DatOp')}\n",
        (
            3,
            "steps[0].operator",
            f"there is no operator `{REDSHIFT.replace('DataOp', 'DatOp')}`",
            "did you mean `RedshiftDataOperator`?",
        ),
    ),
    "bad_cron": (
        f"schedule: 0 24 * * *\n{STEPS}",
        (1, "schedule", "`24` is no hour of a cron expression", "write 0 to 23, `*`, a range or a step"),
    ),
    "bad_reference": (
        f"steps:\n  - id: a\n    operator: {REDSHIFT}\n    arguments:\n      sql: {{$ref: ../sql/laod.sql}}\n",
        (
            5,
            "steps[0].arguments.sql.$ref",
            "there is no file `../sql/laod.sql`",
            "did you mean `../sql/load.sql`?",
        ),
    ),
    "misspelt_column": (
        (
            "steps:\n  - make: marts:delays\n    asset:\n      name: mart.delays\n      uri: s3://b/delays/\n"
            "      contract:\n        columns: [{name: carrier, type: text}]\n        keys:\n          - [carier]\n"
        ),
        (9, "steps[0].asset.contract", "the contract has no column `carier`", "did you mean `carrier`?"),
    ),
}


def sentence(name: str, file: str) -> str:
    """Return how a mistake reads in an import error, in a file."""
    line, key, message, hint = MISTAKES[name][1]
    end = "" if hint is None else f" ({hint})"
    return f"{file}:{line} `{key}`: {message}{end}"
