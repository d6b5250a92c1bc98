from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.web.pages.entries import Entry
from monitor.web.pages.moments import moment
from monitor.web.pages.rows import Change, StatusMark, VersionRow, key_of, make_head, make_row
from tests.builders import T0, at, fault, project_arn, version_arn
from tests.web.pages.fleets import one, state

SOURCE = version_arn("source", of=project_arn("other"))


def test_row_has_the_words_of_a_version() -> None:
    """A row tells status, since when, units, F1 with its difference, training, and what AWS says."""
    told = one(
        "v2",
        "RUNNING",
        minutes=-5,
        f1_score=0.8571,
        min_inference_units=1,
        max_inference_units=4,
        creation_timestamp=at(-90),
        training_end_timestamp=at(-30),
        billable_training_time_in_seconds=1800,
        status_message="The model is hosted.",
        version_description="for the tills",
        feature="CUSTOM_LABELS",
        base_model_version="custom-labels-1",
        source_project_version_arn=SOURCE,
    )
    arn = told.version.arn
    assert VersionRow(
        key=key_of(arn),
        arn=arn,
        name="v2",
        link=f"version?arn={arn.replace('/', '%2F')}",
        project="shop",
        place="us-east-1 · 111122223333",
        status=StatusMark(word="RUNNING", tone="running"),
        since=moment(at(-5), T0),
        at_least=False,
        units="1–4",  # noqa: RUF001 - a range
        f1="0.857",
        f1_change=Change(text="+0.057", tone="better"),
        trained="1 h",
        billed="30 min",
        hint="The model is hosted.",
        message="The model is hosted.",
        description="for the tills",
        feature="CUSTOM_LABELS",
        base_model="custom-labels-1",
        copied_from=SOURCE,
        copied_link=f"version?arn={SOURCE.replace('/', '%2F')}",
        console_url="https://us-east-1.console.aws.amazon.com/rekognition/custom-labels?region=us-east-1#/projects",
        strip=None,
    ) == make_row(Entry(state("shop", told), told, 0.8), told, T0, known={SOURCE})


@pytest.mark.parametrize(
    ("score", "before", "expected"),
    [
        (0.5, None, None),
        (None, 0.5, None),
        (0.5, 0.75, Change(text="−0.250", tone="worse")),  # noqa: RUF001 - a minus sign
        (0.5001, 0.5, Change(text="±0", tone="same")),
    ],
)
def test_difference_of_scores(score: float | None, before: float | None, expected: Change | None) -> None:
    """A difference has its sign and its colour; there is none where a score is missing."""
    told = one(f1_score=score)
    assert expected == make_row(Entry(state("shop", told), told, before), told, T0).f1_change


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [(None, None, ""), (1, None, "1"), (None, 4, "4"), (2, 2, "2"), (1, 4, "1–4")],  # noqa: RUF001 - a range
)
def test_units_are_a_number_or_a_range(least: int | None, most: int | None, expected: str) -> None:
    """Inference units are a range where the version scales."""
    told = one(min_inference_units=least, max_inference_units=most)
    assert expected == make_row(Entry(state("shop", told), told), told, T0).units


def test_source_that_is_not_watched_has_no_page() -> None:
    """What a model was copied from is a link only where there is a page about it."""
    told = one(source_project_version_arn=SOURCE)
    row = make_row(Entry(state("shop", told), told), told, T0)
    assert (SOURCE, "") == (row.copied_from, row.copied_link)


def test_head_tells_the_fault_with_its_hint() -> None:
    """A project's fault has its reason, message, hint and since when it lasts."""
    head = make_head(state("shop", fault=fault(), failing_since=at(5), interval=timedelta(minutes=5)), at(10))
    assert ("timed_out: no answer in 20 s", "Check the network.", moment(at(5), at(10)), "5 min") == (
        head.fault,
        head.hint,
        head.failing_since,
        head.interval,
    )
