"""monitor.service.pulse"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from monitor.service.pulse import Pulse
from tests.aws.wire import Calls


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def attempt(pulse: Pulse) -> None:
    pulse.attempted(account_id="1", region="r", operation="o")


def test_a_poll_gets_on_with_each_call() -> None:
    """And with its beginning and end; the calls are counted as before."""
    clock, calls = Clock(), Calls()
    pulse = Pulse(calls, clock)
    seen = [pulse.still_since()]
    with pulse.poll():
        seen.append(pulse.still_since())
        clock.now = 5.0
        attempt(pulse)
        clock.now = 9.0
        seen.append(pulse.still_since())
    seen.append(pulse.still_since())

    assert [None, (0.0, 0.0), (5.0, 5.0), None] == seen
    assert 1 == len(calls.attempts)


def test_one_that_hangs_is_seen_beside_others() -> None:
    """The last sign of life of all, and of the one that gave none for longest."""
    clock = Clock(1.0)
    pulse = Pulse(Calls(), clock)
    with pulse.poll():
        clock.now = 7.0

        def run_another() -> None:
            with pulse.poll():
                clock.now = 8.0

        another = threading.Thread(target=run_another)
        another.start()
        another.join(60)

        assert (8.0, 1.0) == pulse.still_since()


def test_a_call_outside_of_polls_is_no_sign_of_one() -> None:
    """Discovery asks AWS too."""
    clock = Clock()
    pulse = Pulse(Calls(), clock)
    attempt(pulse)

    assert None is pulse.still_since()
