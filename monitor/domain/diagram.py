"""The lifecycle drawn: as a table for people, as Mermaid for documents, as DOT for Graphviz.

Everything comes from the tables of `status` and `lifecycle`; only what each status means in words is written here.
Each drawing ends with a line break.

Source of the meanings: Amazon Rekognition API Reference, ProjectVersionDescription; Custom Labels Developer Guide;
Amazon Rekognition Developer Guide, "Managing Custom Moderation adapters".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from monitor.domain.lifecycle import ENTRIES, MOVES
from monitor.domain.status import (
    COPYING_COMPLETED,
    COPYING_FAILED,
    COPYING_IN_PROGRESS,
    DELETING,
    DEPRECATED,
    EXPIRED,
    FAILED,
    KNOWN,
    RUNNING,
    STARTING,
    STOPPED,
    STOPPING,
    TRAINING_COMPLETED,
    TRAINING_FAILED,
    TRAINING_IN_PROGRESS,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MEANINGS: Final[Mapping[Status, str]] = MappingProxyType(
    {
        TRAINING_IN_PROGRESS: "being trained; cannot be deleted meanwhile",
        TRAINING_COMPLETED: "trained, not hosted; an adapter is ready for use",
        TRAINING_FAILED: "training failed; the message says why",
        STARTING: "hosting is being brought up",
        RUNNING: "hosted; stays so, and is charged, until it is stopped",
        FAILED: "hosting failed",
        STOPPING: "hosting is being taken down",
        STOPPED: "not hosted, may be started again",
        DELETING: "being deleted; then leaves the listing",
        COPYING_IN_PROGRESS: "being copied into this project",
        COPYING_COMPLETED: "copied, not hosted",
        COPYING_FAILED: "copying failed",
        DEPRECATED: "an adapter for an older base model; in use until it expires",
        EXPIRED: "an adapter that is ignored; the base model answers",
    }
)

_HEADINGS: Final = ("STATUS", "PHASE", "ENDS BY ITSELF", "CHARGED", "MEANING", "NEXT")


def as_text() -> str:
    """The table: each status with its phase, whether it ends by itself, whether it is charged, and what can follow."""
    rows = [_HEADINGS, *(_row(status) for status in KNOWN.values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return _lines(_aligned(row, widths) for row in rows)


def as_mermaid() -> str:
    """A state diagram (https://mermaid.js.org/syntax/stateDiagram.html): dashed ends by itself, thick is charged."""
    return _lines(
        [
            "stateDiagram-v2",
            "    classDef transient stroke-dasharray: 5 5",
            "    classDef billed stroke-width: 4px",
            *(f"    [*] --> {status}" for status in ENTRIES),
            *(f"    {before} --> {after}" for before, after in _moves()),
            *(f"    {status} --> [*]" for status in _last()),
            *(f"    class {status} transient" for status in KNOWN.values() if status.transient),
            *(f"    class {status} billed" for status in KNOWN.values() if status.billed),
        ]
    )


def as_dot() -> str:
    """A directed graph (https://graphviz.org/doc/info/lang.html): dashed ends by itself, bold is charged."""
    return _lines(
        [
            "digraph lifecycle {",
            "    rankdir=LR;",
            "    node [shape=box];",
            "    begin [shape=point];",
            '    end [shape=doublecircle, label=""];',
            *(f"    {status}{_style(status)};" for status in KNOWN.values()),
            *(f"    begin -> {status};" for status in ENTRIES),
            *(f"    {before} -> {after};" for before, after in _moves()),
            *(f"    {status} -> end;" for status in _last()),
            "}",
        ]
    )


def _row(status: Status) -> tuple[str, ...]:
    assert status.phase is not None  # every status of the table has one
    following = ", ".join(after.word for after in MOVES[status]) or "gone"
    marks = ("yes" if status.transient else "-", "yes" if status.billed else "-")
    return (status.word, status.phase.value, *marks, MEANINGS[status], following)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _moves() -> list[tuple[Status, Status]]:
    return [(before, after) for before, following in MOVES.items() for after in following]


def _last() -> list[Status]:
    """The statuses that nothing follows: they end out of the listing."""
    return [status for status, following in MOVES.items() if not following]


def _style(status: Status) -> str:
    if status.transient:
        return " [style=dashed]"
    return " [style=bold]" if status.billed else ""


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
