"""Everything that can go wrong, by whose fault it is.

A failed poll is not here: AWS failing is an ordinary answer, a `monitor.domain.fault.Fault`.
"""

from __future__ import annotations


class MonitorError(Exception):
    """The root: whatever the monitor raises on purpose."""


# The operator's.


class ConfigError(MonitorError):
    """The configuration (or a scenario) is refused; every problem is told at once."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(MonitorError):
    """What was asked for on the command line cannot be done."""


class ListenError(MonitorError):
    """The address to serve on cannot be had: taken, not ours, or not allowed."""


# The machine's.


class StateError(MonitorError):
    """The database cannot be used."""


class StateTooNewError(StateError):
    """The database was written by a newer version of the program."""


class StateDamagedError(StateError):
    """The database file is not one, or holds what cannot be read."""


class StateInUseError(StateError):
    """Another process has the database for itself."""


class StateUnavailableError(StateError):
    """A write failed for now (full disk, I/O error, a lock held too long); the same write may work later."""


class StaleSnapshotError(StateError):
    """Another writer committed this project's snapshot since it was read; what was diffed against it is void."""


# The far end's.


class DeliveryError(MonitorError):
    """A sink did not accept an event.

    Attributes:
        reason: One word of a closed set, the metric's label.
        permanent: Trying again cannot help.
        retry_after: Seconds that the far end asked us to wait, or None.
        stop: The far end wants nothing more; ask it nothing until the configuration is loaded again.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        permanent: bool = False,
        retry_after: float | None = None,
        stop: bool = False,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.stop = stop


# Ours to obey.


class StoppingError(MonitorError):
    """The monitor is stopping, so what waited gave up its place."""
