"""Which exposition format a scraper wants, from its Accept header (RFC 9110, section 12.5.1).

prometheus_client's own `choose_encoder` passes over the weights and writes whatever version was asked for into the
answer's content type; a scraper that prefers the text format would get OpenMetrics.
"""

from __future__ import annotations

from email.message import Message
from typing import Final

from monitor.metrics.text import Format

_OPENMETRICS_VERSIONS: Final = ("", "1.0.0")
"""Those that OpenMetrics 1.0 answers; none asked for is any."""


def negotiate(accept: str) -> Format:
    """The format with the highest weight; the text format where neither is named or both weigh the same.

    Anything is answered, if only with the text format: Prometheus reads it whatever it asked for.
    """
    weights = {Format.TEXT: 0.0, Format.OPENMETRICS: 0.0}
    for media_range in accept.split(","):
        wanted, weight = _read(media_range)
        if wanted is not None:
            weights[wanted] = max(weights[wanted], weight)
    return Format.OPENMETRICS if weights[Format.OPENMETRICS] > weights[Format.TEXT] else Format.TEXT


def _read(media_range: str) -> tuple[Format | None, float]:
    header = Message()
    header["Content-Type"] = media_range.strip()
    return _format(header), _weight(header.get_param("q", "1"))


def _format(header: Message) -> Format | None:
    version = header.get_param("version", "")
    match header.get_content_type():
        case "application/openmetrics-text" if version in _OPENMETRICS_VERSIONS:
            return Format.OPENMETRICS
        case "text/plain" if version in ("", "0.0.4"):
            return Format.TEXT
        case _:
            return None


def _weight(text: object) -> float:
    try:
        return min(max(float(str(text)), 0.0), 1.0)
    except ValueError:
        return 0.0
