"""The whole answer to a scrape, held against golden text, the formats' parsers and promtool."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from monitor.metrics.families import FAMILIES
from monitor.metrics.own import OWN
from tests.metrics.fleet import golden_texts
from tests.metrics.parsing import parse_openmetrics, parse_text
from tests.tools import required_tool

if TYPE_CHECKING:
    from prometheus_client import Metric

GOLDEN: Final = Path(__file__).parent / "golden"
DESCRIBED: Final = {about.name: about for about in (*(family.about for family in FAMILIES), *OWN)}


@pytest.mark.parametrize("name", ["fleet.txt", "fleet.openmetrics.txt"])
def test_answer_is_the_golden_text(name: str) -> None:
    """The answer for the rich fleet is the golden file, byte for byte."""
    assert (GOLDEN / name).read_text(encoding="utf-8") == golden_texts()[name].decode()


def test_both_formats_say_the_same() -> None:
    """Both parsers read the same samples, each series once."""
    texts = golden_texts()
    plain = _series(parse_text(texts["fleet.txt"].decode()))
    assert (plain, {1}) == (
        _series(parse_openmetrics(texts["fleet.openmetrics.txt"].decode())),
        set(plain.values()),
    )


def test_every_metric_of_the_tables_is_shown_with_its_labels() -> None:
    """Every metric that is described has samples in the rich fleet, with the labels that the description names."""
    families = parse_openmetrics(golden_texts()["fleet.openmetrics.txt"].decode())
    shown = {family.name: _labels(family) for family in families}
    assert {about.family: set(about.labels) for about in DESCRIBED.values()} == shown


def test_promtool_finds_nothing_wrong() -> None:
    """`promtool check metrics` accepts the text and has nothing to say about the names."""
    promtool = required_tool("promtool")
    done = subprocess.run(
        [promtool, "check", "metrics"], input=golden_texts()["fleet.txt"], capture_output=True, check=False, timeout=60
    )
    assert (0, b"", b"") == (done.returncode, done.stdout, done.stderr)


def _series(families: list[Metric]) -> Counter[tuple[str, frozenset[tuple[str, str]], float]]:
    return Counter(
        (sample.name, frozenset(sample.labels.items()), sample.value)
        for family in families
        for sample in family.samples
    )


def _labels(family: Metric) -> set[str]:
    """The labels of its samples, without the operator's and the histogram's own."""
    return {label for sample in family.samples for label in sample.labels} - {"team", "note", "le"}
