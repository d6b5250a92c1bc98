"""What `sinks` shows: the configured sinks beside what the database knows of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from monitor.cli.printing import cells, make_table, number, short, wide
from monitor.cli.text import NOTHING, span
from monitor.domain.document import format_time
from monitor.domain.standing import Standing
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.table import Table

    from monitor.config.sinks import Sink
    from monitor.service.trial import Trial

_STYLES: Final = {"failing": "yellow", "stopped": "red", "ok": "green"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkState:
    """One sink.

    Attributes:
        type: None for one that is not in the configuration any more.
        state: `ok`, `failing`, `stopped`, `off` or `removed`.
    """

    name: str
    type: str | None
    state: str
    standing: Standing


def sink_states(configured: Sequence[Sink], standings: Mapping[str, Standing]) -> list[SinkState]:
    """The configured sinks in their order, then those that left something behind."""
    names = {sink.name for sink in configured}
    known = [_configured(sink, standings.get(sink.name, Standing())) for sink in configured]
    gone = [name for name, standing in standings.items() if name not in names and standing.pending + standing.dead]
    return [*known, *(SinkState(name=name, type=None, state="removed", standing=standings[name]) for name in gone)]


def _configured(sink: Sink, standing: Standing) -> SinkState:
    state = "off" if not sink.enabled else _state(standing)
    return SinkState(name=sink.name, type=getattr(sink, "type", None), state=state, standing=standing)


def _state(standing: Standing) -> str:
    if standing.stopped:
        return "stopped"
    return "failing" if standing.failing else "ok"


def sinks_table(states: Sequence[SinkState], now: datetime) -> Table:
    """A line for each."""
    columns = (short("SINK"), short("TYPE"), short("STATE"), number("PENDING"), number("OLDEST"), number("DEAD"))
    table = make_table(*columns, short("ACCEPTED"), wide("LAST ERROR"))
    for each in states:
        standing = each.standing
        table.add_row(
            *cells((each.name, each.type or NOTHING, Text(each.state, style=_STYLES.get(each.state, "")))),
            *cells((str(standing.pending), span(now - standing.oldest) if standing.oldest else NOTHING)),
            *cells((str(standing.dead), _ago(standing.last_success, now), visible(standing.last_error or NOTHING))),
        )
    return table


def sinks_document(states: Sequence[SinkState]) -> dict[str, Any]:
    """What `sinks --output json` says."""
    return {"sinks": [_document(each) for each in states]}


def trial_document(trial: Trial) -> dict[str, Any]:
    """What `sinks test --output json` says."""
    return {
        "sink": trial.sink,
        "event_id": trial.event_id,
        "accepted": trial.refusal is None,
        "seconds": round(trial.seconds, 3),
        "reason": trial.refusal.reason if trial.refusal else None,
        "error": str(trial.refusal) if trial.refusal else None,
    }


def _document(each: SinkState) -> dict[str, Any]:
    standing = each.standing
    return {
        "name": each.name,
        "type": each.type,
        "state": each.state,
        "pending": standing.pending,
        "oldest": format_time(standing.oldest) if standing.oldest else None,
        "dead": standing.dead,
        "last_success": format_time(standing.last_success) if standing.last_success else None,
        "last_error": standing.last_error,
    }


def _ago(at: datetime | None, now: datetime) -> str:
    return f"{span(now - at)} ago" if at else NOTHING
