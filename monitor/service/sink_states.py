"""The configured sinks beside what the database knows of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.standing import SinkState, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.config.sinks import Sink


def sink_states(
    configured: Sequence[Sink], standings: Mapping[str, Standing], *, extra: Iterable[str] = ()
) -> list[SinkState]:
    """The configured sinks in their order, the *extra* ones that the program has by itself, and what others left."""
    known = [_configured(sink, standings.get(sink.name, Standing())) for sink in configured]
    added = [_added(name, standings.get(name, Standing())) for name in extra]
    names = {state.name for state in (*known, *added)}
    gone = [name for name, standing in standings.items() if name not in names and standing.pending + standing.dead]
    removed = (SinkState(name=name, type=None, state="removed", standing=standings[name]) for name in gone)
    return [*known, *added, *removed]


def _configured(sink: Sink, standing: Standing) -> SinkState:
    state = "off" if not sink.enabled else _state(standing)
    return SinkState(name=sink.name, type=getattr(sink, "type", None), state=state, standing=standing)


def _added(name: str, standing: Standing) -> SinkState:
    return SinkState(name=name, type=None, state=_state(standing), standing=standing)


def _state(standing: Standing) -> str:
    if standing.stopped:
        return "stopped"
    return "failing" if standing.failing else "ok"
