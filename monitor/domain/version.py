"""A project version: every field that DescribeProjectVersions gives, each optional but the ARN.

Fields carry AWS's own names in snake_case, so that they can be looked up in the Amazon Rekognition API Reference
(ProjectVersionDescription). Times are aware and UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.project import creation_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.status import Status

NOTHING_ELSE: Final[Mapping[str, Any]] = MappingProxyType({})
"""No fields that are not known."""

_SHARED: Final = 8192
"""Parts that are held once when they are met again, in the versions of the same projects: one training is often of the
same data as the one before, and large fleets repeat themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Object:
    """Where an object is."""

    bucket: str | None = None
    name: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputConfig:
    """Where training writes."""

    s3_bucket: str | None = None
    s3_key_prefix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The manifests of one dataset; *auto_create* says that AWS split it off the training images."""

    manifests: tuple[S3Object, ...] = ()
    auto_create: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataResult:
    """What went into training or testing, what was used of it, and what its validation found."""

    input: Dataset | None = None
    output: Dataset | None = None
    validation: Dataset | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as AWS described it.

    Attributes:
        name: The name in the ARN.
        billable_training_time_in_seconds: Given only when training succeeded; not the time between start and end.
        f1_score: 0 to 1.
        confidence_threshold: 0 to 1; of adapters.
        extra: Fields that AWS gave and that this program does not know or could not read, by AWS's names, as they came.
    """

    arn: str
    name: str
    status: Status
    status_message: str | None = None
    creation_timestamp: datetime | None = None
    training_end_timestamp: datetime | None = None
    billable_training_time_in_seconds: int | None = None
    f1_score: float | None = None
    evaluation_summary: S3Object | None = None
    min_inference_units: int | None = None
    max_inference_units: int | None = None
    output_config: OutputConfig | None = None
    training_data_result: DataResult | None = None
    testing_data_result: DataResult | None = None
    manifest_summary: S3Object | None = None
    kms_key_id: str | None = None
    source_project_version_arn: str | None = None
    version_description: str | None = None
    feature: str | None = None
    base_model_version: str | None = None
    confidence_threshold: float | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING_ELSE)

    @property
    def created_at(self) -> datetime | None:
        """When it was created, from the ARN where AWS left the field out."""
        return self.creation_timestamp or creation_time(self.arn)


@lru_cache(_SHARED)
def shared(text: str) -> str:
    """*text*, as it is held already if it is."""
    return text


@lru_cache(_SHARED)
def s3_object(*, bucket: str | None = None, name: str | None = None, version: str | None = None) -> S3Object:
    """The object, as it is held already if it is; so the next two."""
    return S3Object(bucket=bucket, name=name, version=version)


@lru_cache(_SHARED)
def dataset(*, manifests: tuple[S3Object, ...] = (), auto_create: bool | None = None) -> Dataset:
    return Dataset(manifests=manifests, auto_create=auto_create)


@lru_cache(_SHARED)
def data_result(
    *,
    input: Dataset | None = None,  # noqa: A002 - AWS's word
    output: Dataset | None = None,
    validation: Dataset | None = None,
) -> DataResult:
    return DataResult(input=input, output=output, validation=validation)


@lru_cache(_SHARED)
def output_config(*, s3_bucket: str | None = None, s3_key_prefix: str | None = None) -> OutputConfig:
    return OutputConfig(s3_bucket=s3_bucket, s3_key_prefix=s3_key_prefix)
