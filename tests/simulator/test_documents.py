from __future__ import annotations

import botocore.session
import pytest
from botocore.model import StructureShape

from monitor.simulator.documents import VERSION_FIELDS, Moment, created, merged, wire_fields
from tests.simulator.rig import START


def test_the_fields_are_those_of_botocores_model() -> None:
    """A field that AWS adds shows here with the botocore that knows it."""
    model = botocore.session.get_session().get_service_model("rekognition")
    shape = model.shape_for("ProjectVersionDescription")

    assert isinstance(shape, StructureShape)
    assert tuple(shape.members) == VERSION_FIELDS


def test_names_are_taken_in_snake_case_and_as_on_the_wire() -> None:
    """Both say the same."""
    expected = {"BillableTrainingTimeInSeconds": 1899, "KmsKeyId": "key"}

    assert wire_fields({"billable_training_time_in_seconds": 1899, "KmsKeyId": "key"}) == expected


def test_a_field_that_versions_do_not_have_is_refused() -> None:
    """A typing error does not become a field that nobody reads."""
    with pytest.raises(ValueError, match="no such field of a project version: status_mesage; known: ProjectVersionArn"):
        wire_fields({"status_mesage": "oops"})


def test_a_change_replaces_adds_and_takes_away() -> None:
    """None takes a field away; the old document stays as it was."""
    before = {"Status": "STARTING", "StatusMessage": "Soon"}

    after = merged(before, {"Status": "RUNNING", "StatusMessage": None, "MinInferenceUnits": 1}, START)

    assert (before, after) == (
        {"Status": "STARTING", "StatusMessage": "Soon"},
        {"Status": "RUNNING", "MinInferenceUnits": 1},
    )


def test_times_travel_as_seconds_since_the_epoch() -> None:
    """A datetime and the moment of the change are both written as numbers."""
    expected = {"CreationTimestamp": 1795284000.0, "TrainingEndTimestamp": 1795284000.0}

    assert merged({}, {"CreationTimestamp": START, "TrainingEndTimestamp": Moment.NOW}, START) == expected


@pytest.mark.parametrize(
    ("document", "when"), [({"CreationTimestamp": 5}, 5.0), ({"CreationTimestamp": "x"}, 0.0), ({}, 0)]
)
def test_a_creation_that_is_no_number_sorts_last(document: dict[str, object], when: float) -> None:
    """Odd documents are sorted too."""
    assert created(document) == when
