"""Pieces of the exposition formats: labels, numbers, headers. The two formats differ in the headers only.

Sources: Prometheus documentation, "Exposition formats" (text 0.0.4); OpenMetrics 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.utils import floatToGoString

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.metrics.description import Description

Sample = tuple[str, float]
"""The labels as `label_text` writes them, and the value."""


class Format(Enum):
    """An exposition format; the value is its content type."""

    TEXT = CONTENT_TYPE_PLAIN_0_0_4
    OPENMETRICS = CONTENT_TYPE_LATEST


_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def label_text(labels: Mapping[str, str]) -> str:
    """`a="b",c="d"` with the values escaped."""
    return ",".join(f'{name}="{escape(value)}"' for name, value in labels.items())


def escape(value: str) -> str:
    """A label's value between its quotes. What UTF-8 cannot hold (half of a surrogate pair) is shown as its number."""
    if not value.isascii():
        value = value.encode(errors="backslashreplace").decode()
    return value.translate(_ESCAPES)


def number(value: float) -> str:
    """A value: whole numbers as they are, others as Go's Prometheus client writes them."""
    if isinstance(value, int):
        return str(value)
    return str(floatToGoString(value))  # type: ignore[no-untyped-call]  # it has no hints


def lines(name: str, samples: Iterable[Sample]) -> bytes:
    """The samples of one family; of two with the same labels the last, so that no series is ever there twice."""
    return "".join(f"{name}{{{labels}}} {number(value)}\n" for labels, value in dict(samples).items()).encode()


@dataclass(frozen=True, slots=True)
class Headers:
    """The HELP and TYPE lines of one family, in each format."""

    text: bytes
    openmetrics: bytes

    def of(self, wanted: Format) -> bytes:
        """Those of the format."""
        return self.text if wanted is Format.TEXT else self.openmetrics


def headers(description: Description) -> Headers:
    """A counter is named with `_total` in the text format and without in OpenMetrics."""
    return Headers(_header(description.name, description), _header(description.family, description))


def _header(name: str, description: Description) -> bytes:
    return f"# HELP {name} {description.help}\n# TYPE {name} {description.kind}\n".encode()
