"""Facts as JSON documents, and versions back from them.

One form serves the events, the API and the database: keys are the facts' own names, absent values are left out, times
are RFC 3339 in UTC ("Z").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.status import Status, parse_status
from monitor.domain.version import (
    DataResult,
    Dataset,
    OutputConfig,
    S3Object,
    Version,
    data_result,
    dataset,
    output_config,
    s3_object,
    shared,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_FACTS: Final = (Version, S3Object, OutputConfig, Dataset, DataResult)
_PLAIN: Final = frozenset({str, int, float, bool})


def _shape(fact: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The names of its fields, and what gets all their values at once."""
    names = tuple(each.name for each in fields(fact))
    return names, attrgetter(*names)


_SHAPES: Final = {fact: _shape(fact) for fact in _FACTS}


def to_document(fact: Version | S3Object | OutputConfig | Dataset | DataResult) -> dict[str, Any]:
    """A version, or a part of one, as a JSON document without the keys that have no value."""
    names, values_of = _SHAPES[type(fact)]
    return {
        name: value if type(value) in _PLAIN else to_json(value)
        for name, value in zip(names, values_of(fact), strict=True)
        if value or (value is not None and value not in ((), {}))
    }


def to_json(value: Any) -> Any:
    """One value of a fact as JSON has it."""
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, Status):
        return value.word
    if isinstance(value, _FACTS):
        return _part(value)
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


@lru_cache(maxsize=4096)
def _part(fact: S3Object | OutputConfig | Dataset | DataResult) -> dict[str, Any]:
    """A part of a version: many versions have the same, and each that changed is made twice. Not to be written to."""
    return to_document(fact)


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC, with microseconds where there are any: "2026-11-21T18:00:00Z"."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def parse_time(text: str) -> datetime:
    """The UTC time of `format_time`. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def version_from_document(document: Mapping[str, Any]) -> Version:
    """The version that `to_document` made *document* of; other keys are left alone.

    Raises KeyError, TypeError, AttributeError or ValueError for a document that was not made so.
    """
    known = {
        name: _PARSERS[name](value) if name in _PARSERS else value
        for name, value in document.items()
        if name in _VERSION_NAMES
    }
    return Version(**known)


def _dataset(document: Mapping[str, Any]) -> Dataset:
    manifests = tuple([s3_object(**each) for each in document.get("manifests", ())])
    return dataset(manifests=manifests, auto_create=document.get("auto_create"))


def _data_result(document: Mapping[str, Any]) -> DataResult:
    return data_result(**{name: _dataset(part) for name, part in document.items()})


_VERSION_NAMES: Final = frozenset(_SHAPES[Version][0])
_PARSERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "status": parse_status,
    "status_message": shared,
    "creation_timestamp": parse_time,
    "training_end_timestamp": parse_time,
    "evaluation_summary": lambda part: s3_object(**part),
    "output_config": lambda part: output_config(**part),
    "training_data_result": _data_result,
    "testing_data_result": _data_result,
    "manifest_summary": lambda part: s3_object(**part),
    "kms_key_id": shared,
    "version_description": shared,
    "feature": shared,
    "base_model_version": shared,
}
