from __future__ import annotations

import botocore.session
from botocore.model import StringShape

from mwaactl.planner.statuses import MEANINGS, REMEDIES, Meaning, meaning_of


def test_the_table_holds_exactly_the_statuses_of_the_api() -> None:
    model = botocore.session.Session().get_service_model("mwaa")

    shape = model.shape_for("EnvironmentStatus")

    assert isinstance(shape, StringShape)
    assert set(MEANINGS) == set(shape.enum)


def test_what_is_waited_for_and_what_is_not() -> None:
    by_meaning = {each: {name for name, meaning in MEANINGS.items() if meaning is each} for each in Meaning}

    assert by_meaning == {
        Meaning.READY: {"AVAILABLE"},
        Meaning.BUSY: {
            "CREATING",
            "UPDATING",
            "ROLLING_BACK",
            "CREATING_SNAPSHOT",
            "PENDING",
            "MAINTENANCE",
        },
        Meaning.USABLE_AFTER_FAILURE: {"UPDATE_FAILED"},
        Meaning.BROKEN: {"CREATE_FAILED", "UNAVAILABLE"},
        Meaning.GONE: {"DELETING", "DELETED"},
    }


def test_a_status_that_blocks_deployment_has_a_remedy() -> None:
    blocking = {status for status, meaning in MEANINGS.items() if meaning in (Meaning.BROKEN, Meaning.GONE)}

    assert blocking <= set(REMEDIES)


def test_an_unknown_status_counts_as_busy() -> None:
    assert meaning_of("CONTEMPLATING") is Meaning.BUSY
