"""How the daemon is, in the line that `systemctl status` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.view import View


def standing(view: View) -> str:
    """Projects, versions, faults (also of accounts and regions) and the last complete poll."""
    states = view.states()
    versions = sum(len(state.snapshot.versions) for state in states if state.snapshot)
    last = max((state.last_success for state in states if state.last_success), default=None)
    polled = "no complete poll yet" if last is None else f"last complete poll {last:%Y-%m-%d %H:%M:%S} UTC"
    counts = (_counted(len(states), "project"), _counted(versions, "version"), _counted(len(view.faulty()), "fault"))
    return ", ".join((*counts, polled))


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
