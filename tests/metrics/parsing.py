"""prometheus_client's parsers of both formats, with types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

if TYPE_CHECKING:
    from prometheus_client import Metric


def parse_text(text: str) -> list[Metric]:
    """The families of a text in format 0.0.4."""
    return list(parser.text_string_to_metric_families(text))


def parse_openmetrics(text: str) -> list[Metric]:
    """The families of an OpenMetrics text."""
    return list(openmetrics_parser.text_string_to_metric_families(text))  # type: ignore[no-untyped-call]  # no hints
