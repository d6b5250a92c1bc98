"""Pages as HTML, and the feed as XML: Jinja2, everything escaped, and nothing in a text that could turn or break it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.domain.text import visible
from monitor.web.pages.happenings import SEVERITY_OPTIONS, TYPE_OPTIONS
from monitor.web.pages.sorting import COLUMNS
from monitor.web.pages.strips import GAP, RANGE_WORDS, RANGES
from monitor.web.pages.tones import BAD, BUSY, IDLE, ODD, RUNS

_SHAPES: Final = {
    RUNS: Markup(' y="2" height="13"'),
    BUSY: Markup(' y="4" height="11"'),
    BAD: Markup(' y="2" height="13"'),
    ODD: Markup(' y="6" height="9"'),
    IDLE: Markup(' y="11" height="4"'),
    GAP: Markup(' y="11" height="4"'),
}
"""Bars stand on one line; how high they are says what they are, as their colour does."""

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
    """What an expression gives, as it may be shown: Markup is ours, any other text may be anybody's."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
