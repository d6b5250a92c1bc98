"""Pages as HTML, and the feed as XML: Jinja2, everything escaped, and nothing in a text that could turn or break it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.domain.text import visible
from monitor.web.pages.happenings import SEVERITY_OPTIONS, TYPE_OPTIONS
from monitor.web.pages.sorting import COLUMNS
from monitor.web.pages.strips import GAP, RANGE_WORDS, RANGES
from monitor.web.pages.tones import BAD, BUSY, IDLE, ODD, RUNS

_SHAPES: Final = {
    RUNS: (2, 13),
    BUSY: (4, 11),
    BAD: (2, 13),
    ODD: (6, 9),
    IDLE: (11, 4),
    GAP: (11, 4),
}
"""Where a bar begins and how high it is, in pixels: all stand on one line, and the height says what colour says."""

_LEGEND: Final = (
    (RUNS, "running"),
    (BUSY, "under way"),
    (BAD, "failed or expired"),
    (ODD, "unusual"),
    (IDLE, "idle"),
    (GAP, "not seen"),
)


@cache
def make_environment() -> Environment:
    """The templates, with what all of them need; compiled once."""
    environment = Environment(
        loader=PackageLoader("monitor.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        shape=_SHAPES,
        legend_words=_LEGEND,
        columns=COLUMNS,
        ranges=tuple(RANGES),
        range_words=RANGE_WORDS,
        type_options=TYPE_OPTIONS,
        severity_options=SEVERITY_OPTIONS,
    )
    for name in environment.list_templates():
        environment.get_template(name)  # now, and not while the first reader waits
    return environment


def _shown(value: Any) -> Any:
    """What an expression gives, as it may be shown: what is HTML already is ours, other text may be anybody's."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
