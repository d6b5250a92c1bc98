"""The parts of the program as the web side asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor import __version__
from monitor.config.masking import masked
from monitor.service.clock import utc_now
from monitor.service.sink_states import sink_states
from monitor.web import Ports, WebServer, build_app

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.standing import SinkState
    from monitor.service.core import Core


def make_server(
    core: Core, *, health: Callable[[], Mapping[str, str | None]], reload: Callable[[], Sequence[str]]
) -> WebServer:
    """The server, on its address; the configuration is asked for anew each time, so a reload changes nothing here.

    Args:
        core: What there is to show.
        health: As `Ports.health`.
        reload: As `Ports.reload`.

    Raises:
        ListenError: The address to serve on cannot be had.
    """
    ports = Ports(
        view=core.view,
        metrics=core.exposition.answer,
        health=health,
        ready=lambda: [state.project.arn for state in core.view.states() if not state.ready],
        reload=reload,
        config_text=lambda: masked(core.config),
        events=lambda after, limit: core.store.events(after=after, limit=limit),
        latest=lambda limit: core.store.events(limit=limit, newest_first=True),
        records=core.store.records,
        sinks=lambda: _sinks(core),
        subscribe=core.bell.subscribe,
        stopping=core.stopping.is_set,
        clock=utc_now,
        version=__version__,
    )
    return WebServer(build_app(ports), core.config.web.listen)


def _sinks(core: Core) -> list[SinkState]:
    return sink_states(core.config.sinks, core.store.standings(), extra=core.extra_sinks)
