"""Who may ask the web side for what: made of the configuration, the socket, and the web configuration file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from monitor.service.clock import utc_now
from monitor.web import Rules, RulesFile, reach_of, tell_of_strangers

if TYPE_CHECKING:
    import socket

    from monitor.config.web import Web
    from monitor.metrics.instruments import Instruments


def make_rules_file(web: Web, listening: socket.socket, instruments: Instruments) -> RulesFile:
    """The rules for what is served on *listening*, which is closed where the web configuration file is refused.

    Raises ConfigError. That strangers can ask is logged.
    """

    def told(taken: bool) -> None:  # noqa: FBT001 - as it is called
        instruments.reloaded(successful=taken, at=utc_now(), file="web")

    try:
        made = RulesFile(Rules(reach=reach_of(listening), web=web), os.environ, told)
    except BaseException:
        listening.close()
        raise
    if made.rules.open:
        tell_of_strangers(made.rules)
    return made
