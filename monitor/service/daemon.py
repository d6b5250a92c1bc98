"""The process: signals in, an exit code out."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from monitor import logs
from monitor.config.loading import load_config, with_overrides
from monitor.errors import StateDamagedError
from monitor.service.inheritance import address_of, inherited_socket
from monitor.service.service import Service, doubt
from monitor.service.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import FrameType

    from monitor.config.loading import Loaded

log = structlog.get_logger(__name__)

TICK: Final = 1.0
"""Seconds between two looks at what has to be looked after."""

TURN: Final = 0.001
"""Seconds that a thread computes while others want the interpreter; Python's own 5 ms let a page that takes long delay
each step of a scrape and of a poll by as much. By `make attack` a scrape beside them ends in a third of the time."""

FAILED: Final = 1
"""The exit code where no signal ended it."""

_EXIT_CODES: Final = {signal.SIGTERM: 0, signal.SIGINT: 130}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line says instead of the file; None leaves the file's."""

    listen: str | None = None
    log_level: str | None = None
    log_format: str | None = None


class Signals:
    """What the process was asked to do; set from handlers, read by the main loop."""

    def __init__(self) -> None:
        self.exit_code: int | None = None
        self.reload = False
        self._woken = threading.Event()

    def wait(self, seconds: float) -> None:
        """Return when a signal comes, or after *seconds*."""
        self._woken.wait(seconds)
        self._woken.clear()

    @contextmanager
    def caught(self, *numbers: signal.Signals) -> Iterator[None]:
        """Handle these of SIGTERM, SIGINT and SIGHUP meanwhile. A second SIGTERM or SIGINT ends the process at once."""
        handlers = {each: self._stop if each in _EXIT_CODES else self._hang_up for each in numbers}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        for each in _EXIT_CODES:
            signal.signal(each, signal.SIG_DFL)
        self.exit_code = _EXIT_CODES[signal.Signals(number)]
        self._woken.set()

    def _hang_up(self, _number: int, _frame: FrameType | None) -> None:
        self.reload = True
        self._woken.set()


def run_daemon(config_path: Path, overrides: Overrides, environ: Mapping[str, str]) -> int:
    """Run until a signal ends it.

    Args:
        config_path: The configuration file; read again at a reload.
        overrides: What the command line says instead.
        environ: Where `${NAME}` in the file is taken from, and where a service manager says how it is spoken to.

    Returns:
        The exit code: 0 after SIGTERM, 130 after SIGINT.

    Raises:
        ConfigError: The configuration is refused.
        StateError: The database cannot be used.
        ListenError: The address to serve on cannot be had.
    """
    listening = inherited_socket(environ)
    if listening is not None:
        overrides = replace(overrides, listen=address_of(listening))

    def load() -> Loaded:
        loaded = load_config(config_path, environ)
        config = with_overrides(
            loaded.config,
            listen=overrides.listen,
            log_level=overrides.log_level,
            log_format=overrides.log_format,
        )
        return replace(loaded, config=config)

    signals = Signals()
    with signals.caught(signal.SIGHUP):  # which would end the process, for good as systemd sees it
        loaded = load()
        logs.configure(loaded.config.log.level, loaded.config.log.format)
        doubt(loaded)
        sys.setswitchinterval(TURN)
        supervisor = Supervisor(environ)
        service = Service(loaded.config, load=load, supervisor=supervisor, listening=listening)
        return run_until_signal(service, supervisor, signals)


def run_until_signal(service: Service, supervisor: Supervisor | None = None, signals: Signals | None = None) -> int:
    """Start *service*, look after it until a signal ends it, and stop it in order; returns the exit code.

    *supervisor* is told meanwhile how the service is; None tells nobody. *signals* knows of those that came before.

    Raises StateDamagedError when a version that is stored cannot be read.
    """
    supervisor, signals = supervisor or Supervisor({}), signals or Signals()
    with signals.caught(*_EXIT_CODES, signal.SIGHUP):
        service.start()
        supervisor.ready(service)
        damage = _look_after(service, supervisor, signals)
        code = FAILED if signals.exit_code is None else signals.exit_code
        supervisor.stopping()
        log.info("stop.requested", exit_code=code)
        if not service.stop():
            _leave(code)
    if damage is not None:
        raise damage
    return code


def _look_after(service: Service, supervisor: Supervisor, signals: Signals) -> StateDamagedError | None:
    """Until a signal comes, or what is stored turns out to be unreadable, which is returned."""
    settled = False
    try:
        while signals.exit_code is None:
            signals.wait(TICK if settled else 0.0)
            if signals.reload:
                signals.reload = False
                service.reload()
            more = service.tick()
            if not settled and not more:
                settled = True
                _set_aside()
            supervisor.look(service)
    except StateDamagedError as error:
        log.critical("state.damaged", error=str(error))
        return error
    return None


def _set_aside() -> None:
    """What there is once the start has left nothing for later stays: no garbage is sought in it.

    The collector would go over it again and again: half of the time of a start that does not turn it off.
    """
    gc.freeze()
    gc.enable()


def _leave(code: int) -> None:
    """End the process now: a worker hangs in a call, and the interpreter would wait for it."""
    logging.shutdown()
    os._exit(code)
