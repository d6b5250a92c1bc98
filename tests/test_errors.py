from __future__ import annotations

import inspect

import pytest

from monitor import errors
from monitor.errors import ConfigError, DeliveryError, MonitorError, StateError


def test_whatever_is_raised_on_purpose_has_one_root() -> None:
    """One `except` at the edge tells what the monitor means to say from what nobody foresaw."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]

    assert [kind.__name__ for kind in kinds if not issubclass(kind, MonitorError)] == []


def test_what_is_wrong_with_the_database_has_one_root() -> None:
    """Whoever cannot go on without the database catches one kind."""
    kinds = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, StateError)}

    assert kinds >= {"StateTooNewError", "StateDamagedError", "StateInUseError", "StateUnavailableError"}


def test_every_problem_of_a_configuration_is_told_at_once() -> None:
    """The text has one line a problem, and they can be had one by one."""
    error = ConfigError("a.yaml:1: poll: wrong", "a.yaml:2: sinks: wrong")

    assert (str(error), error.problems) == (
        "a.yaml:1: poll: wrong\na.yaml:2: sinks: wrong",
        ("a.yaml:1: poll: wrong", "a.yaml:2: sinks: wrong"),
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DeliveryError("no room", reason="disk_full"), ("no room", "disk_full", False, None, False)),
        (
            DeliveryError("no", reason="refused", permanent=True, retry_after=2.5, stop=True),
            ("no", "refused", True, 2.5, True),
        ),
    ],
)
def test_a_sink_says_how_to_go_on(error: DeliveryError, expected: tuple[str, str, bool, float | None, bool]) -> None:
    """A failed delivery may be tried again, unless the sink says otherwise."""
    assert (str(error), error.reason, error.permanent, error.retry_after, error.stop) == expected
