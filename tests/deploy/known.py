"""The metrics, labels and values that there are: those of the golden exposition, and what the rules record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from tests.deploy.promql import Selector, grouping_labels, selectors
from tests.deploy.rules import ROOT, records
from tests.metrics.parsing import parse_text

if TYPE_CHECKING:
    from collections.abc import Mapping

TARGET: Final = frozenset({"job", "instance"})
"""Labels that Prometheus gives to everything it scrapes."""

CLOSED: Final = frozenset({"status", "from", "to", "type", "severity", "reason"})
"""Labels of which the golden text has every value that there is."""


@dataclass(slots=True)
class Known:
    """The labels of one metric, and the values that each was seen with."""

    labels: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@cache
def exposed() -> dict[str, Known]:
    """The golden exposition's metrics by the name of their samples, and `up`."""
    text = (ROOT / "tests" / "metrics" / "golden" / "fleet.txt").read_text(encoding="utf-8")
    found: defaultdict[str, Known] = defaultdict(Known)
    for sample in (sample for family in parse_text(text) for sample in family.samples):
        for label, value in sample.labels.items():
            found[sample.name].labels[label].add(value)
        found[sample.name].labels.update({label: set() for label in TARGET})
    found["up"].labels.update({"job": {"rekognition-monitor"}, "instance": set()})
    return dict(found)


@cache
def recorded() -> dict[str, Known]:
    """What the rules record, with the labels that they set."""
    found = {rule.name: Known() for rule in records()}
    for rule in records():
        for label, value in rule.labels.items():
            found[rule.name].labels[label].add(value)
    return found


def strangers(expression: str) -> list[str]:
    """What *expression* names that is not there."""
    found = [stranger for selector in selectors(expression) for stranger in _in_selector(selector)]
    return found + [f"label {label}" for label in sorted(grouping_labels(expression) - _everywhere().keys())]


def _in_selector(selector: Selector) -> list[str]:
    known = (exposed() | recorded()).get(selector.metric)
    if known is None:
        return [f"metric {selector.metric}"]
    labels = known.labels or _everywhere()  # a record without labels of its own has its source's
    return [
        f"{selector.metric}{{{matcher.label}{matcher.operator}{matcher.value}}}"
        for matcher in selector.matchers
        if matcher.label not in labels
        or (matcher.label in CLOSED and not set(matcher.alternatives) <= labels[matcher.label])
    ]


@cache
def _everywhere() -> Mapping[str, set[str]]:
    """Every label that any metric has."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for known in exposed().values():
        for label, values in known.labels.items():
            found[label] |= values
    return dict(found)
