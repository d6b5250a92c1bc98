"""Starts daemons that cost a fork: everything is imported before, and each life is a process of its own.

For each line `life FAIL_AT` on stdin a child runs `rekognition-monitor run`, and `pid PID` is printed; when it has
ended, `end STATUS`, as `os.waitpid` gives it. With FAIL_AT above 0 the child kills itself there: the writes of its
database are counted, and the beginnings and ends of its commits, from the first one of its life on.

    python -m tests.crash.zygote CONFIG LOG CLOCK DEATHS

CLOCK is a file with the seconds (a C double) by which its clock is wrong now. DEATHS gets a line for each child that
killed itself: where.
"""

from __future__ import annotations

import datetime as dt
import importlib
import mmap
import os
import signal
import struct
import sys
import time
from pathlib import Path
from typing import Any, Final

_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


class WrongClock:
    """The machine's clock as somebody else sets it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def offset(self) -> float:
        seconds: float = struct.unpack("d", self._memory[:8])[0]
        return seconds

    def install(self) -> None:
        """Before anything else is imported: whoever asks `datetime` or `time` for the time is told the wrong one."""
        offset, real_time, real = self.offset, time.time, dt.datetime

        class Instances(type):
            def __instancecheck__(cls, instance: object) -> bool:
                return isinstance(instance, real)

        class Datetime(dt.datetime, metaclass=Instances):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> Any:
                return real.now(tz) + dt.timedelta(seconds=offset())

            @classmethod
            def utcnow(cls) -> Any:
                return real.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(seconds=offset())

        dt.datetime = Datetime  # type: ignore[misc]
        time.time = lambda: real_time() + offset()


class FailPoint:
    """Counts what the database is told to write, and dies at one of it."""

    def __init__(self, at: int, deaths: Path) -> None:
        self._left = at
        self._deaths = deaths
        self._committed = False

    def install(self) -> None:
        from sqlalchemy import Engine, Pool, event  # noqa: PLC0415 - the clock is set before

        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)
        event.listen(Pool, "checkin", self._checked_in)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(maxsplit=3)
        if words[0] in _WRITES:
            self._pass("before " + " ".join(words[:3] if words[1] in ("INTO", "FROM") else words[:2]))
            self._committed = False

    def _commit(self, _connection: Any) -> None:
        self._committed = True
        self._pass("before COMMIT")

    def _checked_in(self, *_: Any) -> None:
        if self._committed:
            self._committed = False
            self._pass("after COMMIT")

    def _pass(self, where: str) -> None:
        self._left -= 1
        if not self._left:
            with self._deaths.open("a") as deaths:
                deaths.write(where + "\n")
            os.kill(os.getpid(), signal.SIGKILL)


def main(config: str, log: str, clock: str, deaths: str) -> None:
    """Serve until stdin ends."""
    WrongClock(Path(clock)).install()
    importlib.import_module("monitor.service.daemon")  # the most of what a life needs
    from monitor.cli.main import main as program  # noqa: PLC0415 - the clock is set before

    for line in sys.stdin:
        _, _, fail_at = line.partition(" ")
        pid = os.fork()
        if not pid:
            _live(program, config, log, FailPoint(int(fail_at), Path(deaths)))
        print("pid", pid, flush=True)  # noqa: T201 - the protocol
        print("end", os.waitpid(pid, 0)[1], flush=True)  # noqa: T201 - the protocol


def _live(program: Any, config: str, log: str, fail_point: FailPoint) -> None:
    """The child. Never returns."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    fail_point.install()
    code = 1
    try:
        code = program(["run", "--config", config])
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
