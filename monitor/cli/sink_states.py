"""What `sinks` shows: the configured sinks beside what the database knows of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from monitor.cli.table import Words, make_table, number, short, wide
from monitor.cli.text import NOTHING, span
from monitor.domain.document import format_time
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.cli.table import Table
    from monitor.domain.standing import SinkState
    from monitor.service.trial import Trial

_STYLES: Final = {"failing": "yellow", "stopped": "red", "ok": "green"}


def sinks_table(states: Sequence[SinkState], now: datetime) -> Table:
    """A line for each."""
    columns = (short("SINK"), short("TYPE"), short("STATE"), number("PENDING"), number("OLDEST"), number("DEAD"))
    table = make_table(*columns, short("ACCEPTED"), wide("LAST ERROR"))
    for each in states:
        standing = each.standing
        table.add_row(
            *(each.name, each.type or NOTHING, Words(each.state, _STYLES.get(each.state, ""))),
            *(str(standing.pending), span(now - standing.oldest) if standing.oldest else NOTHING),
            *(str(standing.dead), _ago(standing.last_success, now), visible(standing.last_error or NOTHING)),
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
