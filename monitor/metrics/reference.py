"""The reference of the metrics, docs/metrics.md, made from the tables that make the metrics themselves. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.metrics.families import FAMILIES
from monitor.metrics.own import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.metrics.description import Description

_HEAD: Final = """\
# Metrics

<!-- Made from the program's own tables by `make docs`. Change those, not this. -->

`GET /metrics` answers in Prometheus's text format 0.0.4 or in OpenMetrics 1.0, as the `Accept` header asks, compressed
where `Accept-Encoding` allows gzip. An answer shows what is held in memory: it asks neither AWS nor the database.

- Labels `aws_account_id`, `aws_region` and `project` say which project, and `version` which version of it, by name.
  Where a name was used twice in one place, the project or version that was created last is shown.
- "+ own" stands for the labels that the configuration gives the project.
- A value that AWS does not give is a series that is not there. No value is ever NaN.
- A project that is taken out of the configuration, and a version that is gone, take their series with them at once.
- A project that cannot be polled keeps its series, with `rekognition_project_up` at 0.
"""
_TAIL: Final = """\
## The process

Besides these, prometheus_client's own: `process_*` (CPU, memory, open files, start time), `python_info` and
`python_gc_*`.
"""


def render_reference() -> str:
    """The whole document, Markdown."""
    projects = [family.about for family in FAMILIES]
    parts = [_HEAD, *_section("Projects and versions", projects), *_section("The monitor itself", list(OWN)), _TAIL]
    return "\n".join(parts)


def _section(title: str, descriptions: list[Description]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "\n".join(["| metric | type | labels | unit |", "|---|---|---|---|", *map(_row, descriptions)]) + "\n"
    yield from map(_entry, descriptions)


def _row(description: Description) -> str:
    name = f"[`{description.name}`](#{description.name})"
    return f"| {name} | {description.kind} | {_labels(description)} | {description.unit} |"


def _labels(description: Description) -> str:
    own = ["+ own"] if description.operator_labels else []
    return ", ".join([*(f"`{label}`" for label in description.labels), *own])


def _entry(description: Description) -> str:
    notes = f" {description.notes}" if description.notes else ""
    return f"### `{description.name}`\n\n{description.help}.{notes}\n\n```promql\n{description.example}\n```\n"
