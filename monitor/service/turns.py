"""Whether the budget of an account and region can pay a poll, or a discovery, now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.project import endpoint_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.aws.budget import Budgets
    from monitor.domain.account import Place
    from monitor.service.fleet import Fleet
    from monitor.view import View


class Turns:
    """What `monitor.scheduler` asks before it begins a poll, by the budgets."""

    def __init__(self, budgets: Budgets, fleet: Fleet, view: View, unfinished: Callable[[Place], bool]) -> None:
        """*unfinished* says whether a discovery has only tags left to ask for, which it has to pay by itself."""
        self._budgets = budgets
        self._fleet = fleet
        self._view = view
        self._unfinished = unfinished

    def __call__(self, arn: str) -> float:
        """Seconds until it is worth to ask again; 0 when the project can be asked now, which takes the turn."""
        discovered = self._fleet.everything.get(arn)
        if discovered is None:
            return self._budgets.get(endpoint_of(arn)).turn_in()
        place = discovered[0]
        if self._unfinished(place):
            return 0.0
        known = self._view.place(place.key)  # with the id that STS has said meanwhile
        return self._budgets.get(known.place.endpoint if known else place.endpoint).turn_in()
