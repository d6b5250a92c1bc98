"""What a benchmark gives, and how it is printed: ratios, because times depend on the machine."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_HEADING: Final = ("figure", "ours", "peer", "ratio", "goal", "met")
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
    return _laid_out([_HEADING, *map(_row, figures)])


def with_figures(page: str, figures: Iterable[Figure], *, some: bool = False) -> str:
    """The *page* with these figures; the machine is that of the newest.

    The table in a block of text is made anew; with *some*, what was not measured this time stays in it. A table in
    Markdown keeps to its rows: the figure's name is in their first cell, what was measured in their last.
    """
    new = {each.what: each for each in figures}
    if _BEGIN in page:
        before, _, rest = page.partition(_BEGIN)
        old, _, after = rest.partition(_END)
        rows = _renewed(old if some else "", new)
        page = f"{before}{_BEGIN}\n{_dated()}\n\n{_laid_out(rows)}\n{_END}{after}"
    return "\n".join(_renewed_row(line, new) for line in page.split("\n"))


def _row(figure: Figure) -> tuple[str, ...]:
    goal = "-" if figure.goal is None else f"{figure.goal:g}"
    return (figure.what, _value(figure), f"{figure.peer:.3g} {figure.unit}", f"{figure.ratio:.3f}", goal, figure.met)


def _value(figure: Figure) -> str:
    return f"{figure.ours:.3g} {figure.unit}"


def _laid_out(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADING))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _renewed(block: str, new: Mapping[str, Figure]) -> list[tuple[str, ...]]:
    """The rows of a *block* as it was printed, and after them those that it has not had."""
    cells = [tuple(re.split(" {2,}", line.strip())) for line in block.splitlines()]
    old = {row[0]: row for row in cells if len(row) == len(_HEADING) and row != _HEADING}
    return [_HEADING, *(old | {what: _row(each) for what, each in new.items()}).values()]


def _renewed_row(line: str, new: Mapping[str, Figure]) -> str:
    cells = [cell.strip() for cell in line.split("|")]
    figure = new.get(cells[1]) if line.startswith("| ") else None
    return f"| {' | '.join([*cells[1:-2], _value(figure)])} |" if figure else line


def _dated() -> str:
    facts = _machine()
    machine = f"{facts['processor']}, {facts['cores']} cores, Python {facts['python']}; load {facts['load'][0]:.1f}"
    return f"{machine}, {datetime.now(UTC):%Y-%m-%d}"


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
