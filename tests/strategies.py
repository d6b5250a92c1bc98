"""Hypothesis strategies of versions, listings and histories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from monitor.domain.status import KNOWN, UNSPECIFIED, Status
from monitor.domain.version import DataResult, Dataset, OutputConfig, S3Object, Version
from tests.builders import listing, version, version_arn

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from monitor.domain.snapshot import Listing

NAMES: Final = ("prod-3", "prod-2", "scratch-1")
"""The versions of a history, newest first."""

UNKNOWN: Final = Status("REFINING")
"""A word that AWS might add."""

statuses: Final = st.sampled_from([*KNOWN.values(), UNSPECIFIED, UNKNOWN])
times: Final = st.datetimes(timezones=st.just(UTC))

_texts: Final = st.none() | st.text(max_size=8)
_json: Final[SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
_objects: Final = st.builds(S3Object, bucket=_texts, name=_texts, version=_texts)
_datasets: Final = st.builds(
    Dataset,
    manifests=st.lists(_objects, max_size=2).map(tuple),
    auto_create=st.none() | st.booleans(),
)
_results: Final = st.builds(
    DataResult, input=st.none() | _datasets, output=st.none() | _datasets, validation=st.none() | _datasets
)
_numbers: Final = st.none() | st.floats(allow_nan=False, allow_infinity=False)
_counts: Final = st.none() | st.integers()
_AWS_NAMES: Final = st.from_regex(r"[A-Z][A-Za-z]{0,5}", fullmatch=True)

whole_versions: Final = st.builds(
    Version,
    arn=st.just(version_arn()),
    name=st.just("v1"),
    status=statuses,
    status_message=_texts,
    creation_timestamp=st.none() | times,
    training_end_timestamp=st.none() | times,
    billable_training_time_in_seconds=_counts,
    f1_score=_numbers,
    evaluation_summary=st.none() | _objects,
    min_inference_units=_counts,
    max_inference_units=_counts,
    output_config=st.none() | st.builds(OutputConfig, s3_bucket=_texts, s3_key_prefix=_texts),
    training_data_result=st.none() | _results,
    testing_data_result=st.none() | _results,
    manifest_summary=st.none() | _objects,
    kms_key_id=_texts,
    source_project_version_arn=_texts,
    version_description=_texts,
    feature=_texts,
    base_model_version=_texts,
    confidence_threshold=_numbers,
    extra=st.dictionaries(_AWS_NAMES, _json, max_size=2),
)
"""Any version: every field there or not."""


@st.composite
def described(draw: st.DrawFn, name: str) -> Version:
    """The version *name* as one listing may have it: few values, so that some stay and some change."""
    return version(
        name,
        draw(statuses),
        status_message=draw(st.sampled_from([None, "a reason"])),
        min_inference_units=draw(st.sampled_from([None, 1])),
        training_end_timestamp=draw(st.sampled_from([None, datetime(2026, 11, 21, 17, 30, tzinfo=UTC)])),
        extra=draw(st.sampled_from([{}, {"NewField": None}, {"NewField": [1]}])),
    )


@st.composite
def listings(draw: st.DrawFn, *, whole: bool = False) -> Listing:
    """What one poll brings: any of `NAMES`, and unless it must be *whole* now and then an entry that is no version."""
    names = [name for name in NAMES if draw(st.integers(0, 3))]
    malformed = () if whole else draw(st.sampled_from([(), (), (), ("an entry is null",)]))
    return listing(*(draw(described(name)) for name in names), malformed=malformed)


@dataclass(frozen=True, slots=True)
class Step:
    """One poll of a history, that long after the one before."""

    gap: timedelta
    listing: Listing


def histories(*, clock_goes_back: bool = False, max_size: int = 8) -> SearchStrategy[list[Step]]:
    """Polls in a row; where *clock_goes_back*, some gaps are negative."""
    shortest = -900 if clock_goes_back else 1
    gaps = st.integers(shortest, 900).map(lambda seconds: timedelta(seconds=seconds))
    return st.lists(st.builds(Step, gap=gaps, listing=listings()), max_size=max_size)
