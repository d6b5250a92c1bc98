"""The parts of the program as the web side asks for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.config.masking import masked
from monitor.domain.project import everything_at
from monitor.service.clock import utc_now
from monitor.service.sink_states import sink_states
from monitor.service.web_rules import make_rules_file
from monitor.web import Ports, WebServer, build_app, listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.standing import SinkState
    from monitor.service.core import Core
    from monitor.view import View


def make_server(
    core: Core,
    *,
    health: Callable[[], Mapping[str, str | None]],
    reload: Callable[[], Sequence[str]],
    listening: socket.socket | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> WebServer:
    """The server, on its address; the configuration is asked for anew each time, so a reload changes nothing here.

    Args:
        core: What there is to show.
        health: As `Ports.health`.
        reload: As `Ports.reload`.
        listening: A socket that listens already; None listens on `web.listen`.
        monotonic: Seconds that only grow.

    Raises:
        ConfigError: The web configuration file is refused.
        ListenError: The address to serve on cannot be had.
    """
    ports = Ports(
        view=core.view,
        metrics=core.exposition.answer,
        health=health,
        ready=lambda: _not_ready(core.view),
        reload=reload,
        config_text=lambda: masked(core.config),
        latest=lambda limit: core.store.events(limit=limit, newest_first=True),
        records=core.store.records,
        sinks=lambda: _sinks(core),
        subscribe=core.bell.subscribe,
        stopping=core.stopping.is_set,
        clock=utc_now,
        version=__version__,
    )
    listening = listening or listen(core.config.web.listen)
    rules_file = make_rules_file(core.config.web, listening, core.instruments)
    return WebServer(build_app(ports, lambda: rules_file.rules), listening, rules_file, monotonic=monotonic)


def _not_ready(view: View) -> list[str]:
    """Where neither something is known nor what is in the way."""
    places = (everything_at(state.place).arn for state in view.places() if not state.ready)
    return [*places, *(state.project.arn for state in view.states() if not state.ready)]


def _sinks(core: Core) -> list[SinkState]:
    return sink_states(core.config.sinks, core.store.standings(), extra=core.extra_sinks)
