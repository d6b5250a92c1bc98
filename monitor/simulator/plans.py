"""What is going to happen to a version: steps, each some time after the one before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One planned change. On a version that is not there (not yet, or no more) a step with a status creates it anew."""

    after: timedelta
    """Since the step before it; divided by the simulator's speed."""
    status: str | None = None
    """None keeps the status."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Under their wire names; None takes a field away, Moment.NOW is when the step happens."""
    gone: bool = False
    """The version is deleted: it is no longer listed."""


@dataclass(slots=True, kw_only=True)
class Plan:
    """The steps of one version, and how far they have come."""

    project_arn: str
    name: str
    steps: tuple[Step, ...]
    repeat: bool = False
    """Begin again after the last step. A version that was deleted comes back under the same name and another ARN."""
    version_arn: str | None = None
    position: int = 0
    dropped: bool = False
    """A hand on the version (a call, a test) ends its plan."""

    def __post_init__(self) -> None:
        if self.repeat and not sum((step.after for step in self.steps), timedelta()):
            raise ValueError(
                f"the steps of {self.name} repeat without taking any time; give one of them a longer `after`"
            )

    @property
    def upcoming(self) -> Step | None:
        """The step that is next; None when the plan is over."""
        if self.dropped or self.position >= len(self.steps):
            return None
        return self.steps[self.position]

    def pass_step(self) -> None:
        self.position += 1
        if self.repeat and self.position == len(self.steps):
            self.position = 0
