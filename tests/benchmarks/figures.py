"""What a benchmark gives, and how it is printed: ratios, because times depend on the machine."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BEGIN: Final = "```text"
_END: Final = "```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured ratio.

    Attributes:
        what: Ours against the peer's.
        ours: In *unit*; the median.
        peer: The same of what it is held against, measured in turn with ours.
        ratio: The median of the pairs' ratios.
        goal: The ratio to reach at most; None where none is set.
    """

    what: str
    ours: float
    peer: float
    unit: str
    ratio: float
    goal: float | None = None

    @property
    def met(self) -> str:
        """In a word."""
        if self.goal is None:
            return "-"
        return "yes" if self.ratio <= self.goal else "NO"


def paired(
    what: str,
    ours: Callable[[], None],
    peer: Callable[[], None],
    *,
    rounds: int,
    goal: float | None = None,
    clock: Callable[[], float] = time.process_time,
) -> Figure:
    """Both in turn, *rounds* times after one that does not count; *clock* says what is measured, CPU unless given."""
    ours()
    peer()
    pairs = [(_timed(ours, clock), _timed(peer, clock)) for _ in range(rounds)]
    return Figure(
        what=what,
        ours=statistics.median(mine for mine, _ in pairs) * 1000,
        peer=statistics.median(theirs for _, theirs in pairs) * 1000,
        unit="ms",
        ratio=statistics.median(mine / theirs for mine, theirs in pairs),
        goal=goal,
    )


def as_table(figures: Iterable[Figure]) -> str:
    """One line a figure."""
    rows = [("figure", "ours", "peer", "ratio", "goal", "met")]
    for each in figures:
        goal = "-" if each.goal is None else f"{each.goal:g}"
        values = (f"{each.ours:.3g} {each.unit}", f"{each.peer:.3g} {each.unit}", f"{each.ratio:.3f}", goal, each.met)
        rows.append((each.what, *values))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def with_table(page: str, figures: Iterable[Figure]) -> str:
    """The *page* with the table and the machine in the place of those between its two marks."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    facts = _machine()
    machine = f"{facts['processor']}, {facts['cores']} cores, Python {facts['python']}; load {facts['load'][0]:.1f}"
    return f"{before}{_BEGIN}\n{machine}, {datetime.now(UTC):%Y-%m-%d}\n\n{as_table(figures)}\n{_END}{after}"


def as_json(figures: Iterable[Figure], *, seconds: float) -> str:
    """The figures, the *seconds* that they took and the machine, for comparing with another day's."""
    measured = [asdict(each) | {"met": each.met} for each in figures]
    return json.dumps({"machine": _machine(), "seconds": round(seconds), "figures": measured}, indent=2)


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
    }


def _processor() -> str:
    """Its name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _timed(work: Callable[[], None], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began
