"""What a metric is: the one place that its name, labels and meaning are written in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The types of the exposition formats that are used here."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One metric.

    Attributes:
        name: As its samples carry it; a counter's ends in `_total`.
        labels: The names, in the order they are written.
        operator_labels: The operator's own labels of the project follow.
        help: One sentence without a full stop, into the exposition.
        notes: What a reader of the reference should know besides.
        example: A query that is of use.
    """

    name: str
    kind: Kind
    help: str
    example: str
    labels: tuple[str, ...] = ()
    operator_labels: bool = False
    notes: str = ""

    @property
    def family(self) -> str:
        """The name without `_total`: what OpenMetrics and prometheus_client call a counter."""
        return self.name.removesuffix("_total") if self.kind is Kind.COUNTER else self.name

    @property
    def unit(self) -> str:
        """What the value counts, from the name's ending, as Prometheus's naming has it."""
        if self.name.endswith("_timestamp_seconds"):
            return "seconds since 1970-01-01 UTC"
        last = self.family.rpartition("_")[2]
        return last if last in ("seconds", "bytes") else ""
