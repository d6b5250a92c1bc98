"""The simulator as its users see it: start it, look at it, move its world, make faults."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Self

from monitor.errors import ListenError
from monitor.simulator.faults import Faults
from monitor.simulator.records import Records, Served
from monitor.simulator.rekognition import Rekognition
from monitor.simulator.roles import Roles
from monitor.simulator.server import RekognitionServer
from monitor.simulator.staging import populate
from monitor.simulator.throttle import Throttle
from monitor.simulator.tokens import Tokens
from monitor.simulator.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from monitor.simulator.scenario import Scenario


def utc_now() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """Serves a scenario over HTTP; a context manager. The world begins when it is made, the server when it is started.

    *speed* divides the durations of the world (`scenario.speed` is only what the scenario suggests). *clock* gives the
    world its time, aware and in UTC. *monotonic*, in seconds, is real time: it counts calls and the age of tokens.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.scenario = scenario
        self.faults = Faults()
        self.roles = Roles(clock=clock)
        self.world = World(clock=clock, speed=speed, keep=scenario.limits.records)
        self._address = (host, port)
        self._records = Records(keep=scenario.limits.records)
        self._stopping = Event()
        self._server: RekognitionServer | None = None
        self._service = Rekognition(
            scenario=scenario,
            world=self.world,
            faults=self.faults,
            records=self._records,
            tokens=Tokens(scenario.limits.token_life, monotonic),
            throttle=Throttle(scenario.limits.calls_per_second, monotonic),
            roles=self.roles,
            began=clock(),
            pause=self._pause,
        )
        self.faults.add_all(scenario.faults)
        self.roles.put_all(scenario.roles)
        populate(self.world, scenario)

    @property
    def url(self) -> str:
        """Where it listens; raises RuntimeError before it was started."""
        if self._server is None:
            raise RuntimeError("the simulator has no address until it is started")
        return f"http://{self._address[0]}:{self._server.port}"

    @property
    def served(self) -> tuple[Served, ...]:
        """Every request that was answered, in order; the last so many, by the scenario's `limits.records`."""
        return self._records.all()

    def start(self) -> None:
        """Raises ListenError when the address cannot be had."""
        self._stopping.clear()
        try:
            self._server = RekognitionServer(self._address, self._service.answer)
        except OSError as error:
            host, port = self._address
            raise ListenError(
                f"the simulator cannot listen on {host}:{port}: {error.strerror}; choose another"
            ) from error
        self._server.start()

    def stop(self) -> None:
        """Closes every connection, also one that hangs. The world stays to be looked at. Does nothing when stopped."""
        self._stopping.set()
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)
