from __future__ import annotations

from datetime import timedelta
from typing import Any

from monitor.simulator.arrivals import arrival_fields, dress, initial_fields
from monitor.simulator.documents import Moment
from monitor.simulator.plans import Step
from tests.simulator.rig import START

_HERE: dict[str, Any] = {"project": "shop", "name": "1", "feature": "CUSTOM_LABELS"}


def test_a_training_that_ended_brings_its_results() -> None:
    """The fields of AWS's published answer."""
    fields = arrival_fields("TRAINING_COMPLETED", **_HERE, took=timedelta(seconds=1637))

    assert (sorted(fields), fields["BillableTrainingTimeInSeconds"], fields["TrainingEndTimestamp"]) == (
        [
            "BillableTrainingTimeInSeconds",
            "EvaluationResult",
            "ManifestSummary",
            "StatusMessage",
            "TestingDataResult",
            "TrainingDataResult",
            "TrainingEndTimestamp",
        ],
        1899,
        Moment.NOW,
    )


def test_a_failed_training_has_an_end_and_no_bill() -> None:
    """Training is billed only when it succeeds."""
    assert arrival_fields("TRAINING_FAILED", **_HERE) == {
        "StatusMessage": "The manifest file contains too many invalid rows.",
        "TrainingEndTimestamp": Moment.NOW,
    }


def test_an_adapter_has_a_base_model_and_a_threshold() -> None:
    """From its beginning."""
    fields = arrival_fields("TRAINING_IN_PROGRESS", project="shop", name="1", feature="CONTENT_MODERATION")

    assert (fields["BaseModelVersion"], fields["FeatureConfig"]) == (
        "7.0",
        {"ContentModeration": {"ConfidenceThreshold": 60.0}},
    )


def test_a_message_does_not_outlive_its_status() -> None:
    """Where no text of the new status is known, the old one goes."""
    assert arrival_fields("RUNNING", **_HERE) == {"StatusMessage": None}


def test_what_a_step_says_itself_stands() -> None:
    """Only the rest is added."""
    step = Step(after=timedelta(), status="TRAINING_FAILED", fields={"StatusMessage": "The manifest file is empty."})

    assert dress([step], **_HERE) == (
        Step(
            after=timedelta(),
            status="TRAINING_FAILED",
            fields={"StatusMessage": "The manifest file is empty.", "TrainingEndTimestamp": Moment.NOW},
        ),
    )


def test_a_step_without_a_status_is_left_alone() -> None:
    """A message, or the deletion."""
    step = Step(after=timedelta(), gone=True)

    assert dress([step], **_HERE) == (step,)


def test_a_model_that_runs_already_was_trained() -> None:
    """Its training lies after its creation, and it has units."""
    fields = initial_fields("RUNNING", **_HERE, born=START)

    assert (fields["CreationTimestamp"], fields["TrainingEndTimestamp"], fields["MinInferenceUnits"]) == (
        START,
        START + timedelta(minutes=45),
        1,
    )
