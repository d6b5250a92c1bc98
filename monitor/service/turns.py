"""Whether the budget of an account and region can pay a poll, or a discovery, now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.project import endpoint_of

if TYPE_CHECKING:
    from monitor.aws.budget import Budgets
    from monitor.service.fleet import Fleet
    from monitor.view import View


class Turns:
    """What `monitor.scheduler` asks before it begins a poll, by the budgets."""

    def __init__(self, budgets: Budgets, fleet: Fleet, view: View) -> None:
        self._budgets = budgets
        self._fleet = fleet
        self._view = view

    def __call__(self, arn: str) -> float:
        """Seconds until it is worth to ask again; 0 when the project can be asked now, which takes the turn."""
        return self._budgets.get(self._endpoint(arn)).turn_in()

    def _endpoint(self, arn: str) -> str:
        """Whose budget pays; where projects are discovered, by the id that STS has said meanwhile."""
        discovered = self._fleet.everything.get(arn)
        known = self._view.place(discovered[0].key) if discovered else None
        return known.place.endpoint if known else endpoint_of(arn)
