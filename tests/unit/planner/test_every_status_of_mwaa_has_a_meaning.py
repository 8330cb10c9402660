from __future__ import annotations

import botocore.session
from botocore.model import StringShape

from mwaactl.planner.statuses import MEANINGS, REMEDIES, Meaning, meaning_of


def test_the_table_holds_exactly_the_statuses_of_the_api() -> None:
    model = botocore.session.Session().get_service_model("mwaa")

    shape = model.shape_for("EnvironmentStatus")

    assert isinstance(shape, StringShape)
    assert set(MEANINGS) == set(shape.enum)


def test_a_status_that_blocks_deployment_has_a_remedy() -> None:
    blocking = {status for status, meaning in MEANINGS.items() if meaning in (Meaning.BROKEN, Meaning.GONE)}

    assert blocking <= set(REMEDIES)


def test_an_unknown_status_counts_as_busy() -> None:
    assert meaning_of("CONTEMPLATING") is Meaning.BUSY
