"""The tags of projects, each asked for once in a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from monitor.discoverer.ports import ProjectSource
    from monitor.domain.account import Discovery, Place

KEPT: Final = 6 * 3600.0
"""Seconds for which the tags of a project are believed: a call for each project at each discovery would use up more of
AWS's quota than all else."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The budget cannot pay the next call for *seconds*."""

    seconds: float


class Tags:
    """Asks for tags, and remembers them."""

    def __init__(self, source: ProjectSource, monotonic: Callable[[], float]) -> None:
        self._source = source
        self._monotonic = monotonic
        self._kept: dict[str, tuple[float, Mapping[str, str]]] = {}

    def tagged(
        self, place: Place, discovery: Discovery, arns: Iterable[str], *, turn: Callable[[Place], float]
    ) -> frozenset[str] | Fault | NotYet:
        """Those of *arns* whose tags *discovery* wants; the first fault when any are not to be had.

        *turn* is asked before each call: how many seconds it has to wait. What was asked for until then is remembered.
        """
        if not discovery.tags:
            return frozenset(arns)
        wanted = set()
        for arn in arns:
            tags = self._of(place, arn, turn)
            if isinstance(tags, Fault | NotYet):
                return tags
            if discovery.wants_tagged(tags):
                wanted.add(arn)
        return frozenset(wanted)

    def _of(self, place: Place, arn: str, turn: Callable[[Place], float]) -> Mapping[str, str] | Fault | NotYet:
        now = self._monotonic()
        self._kept = {kept: held for kept, held in self._kept.items() if now < held[0]}
        if arn in self._kept:
            return self._kept[arn][1]
        if (wait := turn(place)) > 0:
            return NotYet(wait)
        tags = self._source.list_tags(place, arn)
        if not isinstance(tags, Fault):
            self._kept = {**self._kept, arn: (now + KEPT, tags)}
        return tags
