"""What an operation works with: the world, the caller and the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.simulator.limits import Durations, Limits
    from monitor.simulator.tokens import Tokens
    from monitor.simulator.world import Project, Version, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One call's surroundings. An operation runs within one turn of the world."""

    world: World
    limits: Limits
    durations: Durations
    tokens: Tokens
    account: str
    """The caller's, by its access key."""
    region: str

    def project(self, arn: str) -> Project:
        """Raises Refusal unless the project is in the region that was called."""
        project = self.world.project(arn)
        if project is None or project.arn.region != self.region:
            raise Refusal("ResourceNotFoundException")
        return project

    def version(self, arn: str) -> tuple[Project, Version]:
        """Raises Refusal unless the version is in the region that was called."""
        found = self.world.version(arn)
        if found is None or found[0].arn.region != self.region:
            raise Refusal("ResourceNotFoundException")
        return found

    def tags(self, arn: str) -> Mapping[str, str]:
        """Those of a project or a version. Raises Refusal when there is none of this ARN in the region."""
        project = self.world.project(arn)
        if project is not None:
            return self.project(arn).tags
        return self.version(arn)[1].tags

    def projects_of(self, account: str) -> Iterator[Project]:
        """The projects of an account, in the region that was called."""
        return (p for p in self.world.projects if (p.arn.account, p.arn.region) == (account, self.region))

    def count(self, account: str, *statuses: str) -> int:
        """How many versions of an account are in one of *statuses*."""
        versions = (version for project in self.projects_of(account) for version in project.versions.values())
        return sum(version.status in statuses for version in versions)
