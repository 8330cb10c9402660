"""Rows that equal AWS or are refused: each has a test, and those of registers say what the registers hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from mwaactl.emulator.cloudformation.responses import CloudFormationResponse
from mwaactl.emulator.differences.sections import SECTIONS
from mwaactl.emulator.mwaa.environment import Status
from mwaactl.emulator.mwaa.exceptions import ValidationError
from mwaactl.emulator.mwaa.rules import check_rules
from mwaactl.emulator.parity.row import Row, Verdict
from mwaactl.emulator.parity.statement import statement
from mwaactl.emulator.parity.warehouse import DATA_API, SERVERLESS
from mwaactl.emulator.warehouse.data_api import DataApi
from mwaactl.emulator.warehouse.metadata_api import MetadataApi
from mwaactl.emulator.warehouse.serverless import ServerlessApi
from mwaactl.planner.statuses import MEANINGS
from mwaactl.report.parity import parity_data, parity_text
from tests.unit.docs.parity_proofs import PROOFS

ROOT = Path(__file__).parents[3]
ROWS = [row for rows in statement().values() for row in rows]
BESIDE = [row for row in ROWS if row.verdict is not Verdict.DIFFERS]
NOTHING = cast("Any", None)


def row(subject: str) -> Row:
    return next(found for found in ROWS if found.subject == subject)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.subject)
def test_row_says_what_each_side_does_and_fits_into_a_table(row: Row) -> None:
    assert row.aws != row.emulator
    for text in (row.subject, row.aws, row.emulator):
        assert text.strip() == text != ""
        assert "|" not in text
        assert "\n" not in text
        assert not text.endswith(".")


def test_no_subject_stands_twice() -> None:
    subjects = [row.subject for row in ROWS]

    assert sorted(set(subjects)) == sorted(subjects)


def test_every_difference_is_a_row() -> None:
    subjects = {row.subject for row in ROWS if row.verdict is Verdict.DIFFERS}

    assert subjects == {difference.subject for rows in SECTIONS.values() for difference in rows}


def test_what_equals_aws_and_what_is_refused_has_a_test_each() -> None:
    assert PROOFS.keys() == {row.subject for row in BESIDE}
    for subject, proof in PROOFS.items():
        path, _, name = proof.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"def {name or 'test_'}" in text, subject


def test_statuses_are_those_of_mwaa() -> None:
    assert {status.value for status in Status} == MEANINGS.keys()
    assert all(status.value in row("an environment's statuses").aws for status in Status)


@pytest.mark.parametrize(
    "members",
    [
        {"IdentityCenterConfiguration": {"InstanceArn": "i"}},
        {"Teams": ["t"]},
    ],
    ids=lambda members: next(iter(members)),
)
def test_member_that_is_not_modelled_is_refused_and_named(members: Mapping[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(members))):
        check_rules(members)


def test_operations_of_redshift_are_those_of_the_services() -> None:
    data = DataApi(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING).operations()
    metadata = MetadataApi(NOTHING, NOTHING).operations()
    serverless = ServerlessApi(NOTHING, NOTHING).operations()

    assert set(DATA_API) == {*data, *metadata}
    assert set(SERVERLESS) == set(serverless)


def test_operations_of_cloudformation_have_methods() -> None:
    answered = row("operations of CloudFormation").aws.split(", ")

    assert {"CreateStack", "UpdateTerminationProtection"} < set(answered)
    assert "DetectStackDrift" in row("other operations of CloudFormation").aws
    assert len(answered) == len([name for name in vars(CloudFormationResponse) if is_action(name)])


def is_action(name: str) -> bool:
    return not name.startswith("_") and name != "answer"


def test_json_holds_every_row_and_counts_them() -> None:
    data = parity_data(
        {"S3": (Row("a", Verdict.EQUAL, "x", "the same"), Row("b", Verdict.REFUSED, "y", "z"))}
    )

    assert data == {
        "counts": {"equal": 1, "refused": 1},
        "rows": [
            {"part": "S3", "subject": "a", "parity": "equal", "aws": "x", "emulator": "the same"},
            {"part": "S3", "subject": "b", "parity": "refused", "aws": "y", "emulator": "z"},
        ],
    }


def test_text_says_once_what_is_the_same() -> None:
    rows = (Row("a", Verdict.EQUAL, "x", "the same"), Row("b", Verdict.DIFFERS, "y", "z"))

    assert parity_text({"S3": rows, "KMS": rows[:1]}) == (
        "S3\n  EQUAL a\n    AWS: x\n  DIFFERS b\n    AWS: y\n    emulator: z\n\nKMS\n  EQUAL a\n    AWS: x"
    )
