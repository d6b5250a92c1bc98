"""The projects and versions of a simulated AWS, and what happens to them as time passes."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.simulator.arns import ProjectArn, stamp_of
from monitor.simulator.documents import Document, Moment, created, merged, wire_fields
from monitor.simulator.plans import Plan, Step
from monitor.simulator.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


class Change(NamedTuple):
    """A version's status changed; `before` is None when it appeared, `after` when it went."""

    at: datetime
    version_arn: str
    before: str | None
    after: str | None


@dataclass(slots=True, kw_only=True)
class Version:
    arn: str
    name: str
    order: int
    """Tells the newer of two that were created in the same millisecond."""
    document: Document
    """Replaced by a change, never altered: who holds one may read it without the lock."""
    plan: Plan | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> str | None:
        return self.document.get("Status")


@dataclass(slots=True, kw_only=True)
class Project:
    arn: ProjectArn
    document: Document
    shared_with: frozenset[str] = frozenset()
    """Accounts that the project's policy lets copy its models."""
    versions: dict[str, Version] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def feature(self) -> str:
        return str(self.document.get("Feature"))

    @property
    def status(self) -> str:
        return str(self.document.get("Status"))

    def newest_first(self) -> list[Version]:
        """AWS lists from the latest to the earliest."""
        return sorted(
            self.versions.values(), key=lambda version: (created(version.document), version.order), reverse=True
        )

    def named(self, name: str) -> Version | None:
        return next((version for version in self.versions.values() if version.name == name), None)


class World:
    """Everything there is. Each public method is one turn: nobody else's comes between, and the plans are up to date.

    *clock* gives aware UTC; *speed* divides what is planned (at 60, thirty minutes pass in thirty seconds). The last
    *keep* changes are remembered.
    """

    def __init__(self, *, clock: Callable[[], datetime], speed: float = 1.0, keep: int = 200_000) -> None:
        self.clock = clock
        self.speed = speed
        self._lock = RLock()
        self._timeline = Timeline()
        self._projects: dict[str, Project] = {}
        self._history: deque[Change] = deque(maxlen=keep)
        self._born = 0
        self._arns: set[str] = set()

    @contextmanager
    def turn(self) -> Iterator[datetime]:
        """The lock, and a world that has been brought up to the moment that is given."""
        with self._lock:
            now = self.clock()
            self._timeline.run(now)
            yield now

    def advance(self, now: datetime) -> None:
        """Makes everything happen that is due up to *now*; every other method does so for the clock's time."""
        with self._lock:
            self._timeline.run(now)

    @property
    def history(self) -> tuple[Change, ...]:
        """Every change of a status, in the order in which they happened."""
        with self.turn():
            return tuple(self._history)

    @property
    def projects(self) -> tuple[Project, ...]:
        with self.turn():
            return tuple(self._projects.values())

    def project(self, arn: str) -> Project | None:
        with self.turn():
            return self._projects.get(arn)

    def version(self, arn: str) -> tuple[Project, Version] | None:
        """A version and its project; None when it is not listed."""
        with self.turn():
            holders = (project for project in self._projects.values() if arn in project.versions)
            return next(((project, project.versions[arn]) for project in holders), None)

    def put_project(
        self,
        arn: str,
        *,
        feature: str = "CUSTOM_LABELS",
        status: str = "CREATED",
        shared_with: Iterable[str] = (),
        document: Mapping[str, Any] | None = None,
    ) -> str:
        """Adds a project and gives its ARN; *document* adds or replaces wire fields of `ProjectDescription`."""
        name = ProjectArn.parse(arn)
        facts = {"ProjectArn": arn, "CreationTimestamp": name.stamp / 1000, "Status": status, "Feature": feature}
        with self.turn():
            self._projects[arn] = Project(
                arn=name, document={**facts, **(document or {})}, shared_with=frozenset(shared_with)
            )
        return arn

    def set_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """The tags of a project or a version from now on. Raises KeyError when it is not there."""
        with self.turn():
            holder = self._projects.get(arn) or self._required(arn)[1]
            holder.tags = dict(tags)

    def put_version(
        self, project_arn: str, name: str, *, status: str | None = "TRAINING_COMPLETED", **fields: Any
    ) -> str:
        """Adds a version and gives its ARN. *fields* are those of `ProjectVersionDescription` in snake_case.

        Created now if `creation_timestamp` says nothing else. A datetime goes as the wire writes it, None leaves the
        field out, anything else is served as it is. Raises KeyError for an unknown project, ValueError for a field
        that versions do not have.
        """
        with self.turn() as now:
            return self._create(project_arn, name, {"Status": status, **wire_fields(fields)}, now).arn

    def put_document(self, project_arn: str, document: Mapping[str, Any]) -> str:
        """Adds a version, or replaces that of the same ARN, to be served as it stands.

        Gives the key for later changes: its ARN or, when it has none, a name of the simulator's own.
        """
        with self.turn() as now:
            return self._put(project_arn, dict(document), now).arn

    def set_status(self, version_arn: str, status: str, **fields: Any) -> None:
        """Moves a version, whatever its status is, and ends its plan. Raises KeyError when it is not there."""
        self.set_fields(version_arn, status=status, **fields)

    def set_fields(self, version_arn: str, **fields: Any) -> None:
        """Changes fields of a version and ends its plan; as `put_version` takes them."""
        with self.turn() as now:
            _, version = self._required(version_arn)
            self._end_plan(version)
            self._change(version, wire_fields(fields), now)

    def remove_version(self, version_arn: str) -> None:
        """The version is no longer listed, and its plan is over. Raises KeyError when it is not there."""
        with self.turn() as now:
            project, version = self._required(version_arn)
            self._end_plan(version)
            self._remove(project, version, now)

    def remove_project(self, arn: str) -> None:
        """The project and all its versions are no longer there. Raises KeyError when it is not there."""
        with self.turn() as now:
            for version in tuple(self._projects[arn].versions.values()):
                self._end_plan(version)
                self._remove(self._projects[arn], version, now)
            del self._projects[arn]

    def plan(
        self,
        project_arn: str,
        name: str,
        steps: Sequence[Step],
        *,
        repeat: bool = False,
        version_arn: str | None = None,
    ) -> None:
        """What is going to happen to *version_arn* or, when None, to a version that the first step creates.

        Replaces the plan that the version had.
        """
        plan = Plan(project_arn=project_arn, name=name, steps=tuple(steps), repeat=repeat, version_arn=version_arn)
        with self.turn() as now:
            if version_arn is not None:
                _, version = self._required(version_arn)
                self._end_plan(version)
                version.plan = plan
            self._schedule(plan, now)

    def later(self, after: timedelta, action: Callable[[datetime], None]) -> None:
        """Runs *action* when *after* has passed at the world's speed."""
        with self.turn() as now:
            self._timeline.plan(now + after / self.speed, action)

    def _schedule(self, plan: Plan, since: datetime) -> None:
        if plan.upcoming is not None:
            self._timeline.plan(since + plan.upcoming.after / self.speed, partial(self._take_step, plan))

    def _take_step(self, plan: Plan, due: datetime) -> None:
        step = plan.upcoming
        if step is None or plan.project_arn not in self._projects:
            return
        self._apply(plan, step, due)
        plan.pass_step()
        self._schedule(plan, due)

    def _apply(self, plan: Plan, step: Step, due: datetime) -> None:
        project = self._projects[plan.project_arn]
        version = project.versions.get(plan.version_arn or "")
        changes = {**({"Status": step.status} if step.status else {}), **step.fields}
        if version is None:
            self._begin(plan, step, changes, due)
        elif step.gone:
            self._remove(project, version, due)
        else:
            self._change(version, changes, due)

    def _begin(self, plan: Plan, step: Step, changes: Document, due: datetime) -> None:
        if step.gone or not step.status:
            return
        version = self._create(plan.project_arn, plan.name, changes, due)
        version.plan, plan.version_arn = plan, version.arn

    def _create(self, project_arn: str, name: str, fields: Document, now: datetime) -> Version:
        project = self._known(project_arn)
        moment = fields.get("CreationTimestamp")
        stamp = stamp_of(moment if isinstance(moment, datetime) else now)
        while (arn := project.arn.version(name, stamp)) in self._arns:  # an ARN is never used again
            stamp += 1
        self._arns.add(arn)
        own = {"ProjectVersionArn": arn, "CreationTimestamp": Moment.NOW}
        return self._put(project_arn, merged({}, {**own, "Feature": project.feature, **fields}, now), now, name)

    def _put(self, project_arn: str, document: Document, now: datetime, name: str | None = None) -> Version:
        project = self._known(project_arn)
        self._born += 1
        arn = str(document.get("ProjectVersionArn") or f"document-{self._born}")
        version = Version(arn=arn, name=name or _name_in(arn), order=self._born, document=document)
        replaced = project.versions.get(arn)
        project.versions[arn] = version
        self._record(arn, replaced.status if replaced else None, version.status, now)
        return version

    def _change(self, version: Version, changes: Mapping[str, Any], now: datetime) -> None:
        before = version.status
        version.document = merged(version.document, changes, now)
        self._record(version.arn, before, version.status, now)

    def _remove(self, project: Project, version: Version, now: datetime) -> None:
        del project.versions[version.arn]
        self._record(version.arn, version.status, None, now)

    def _record(self, arn: str, before: str | None, after: str | None, now: datetime) -> None:
        if before != after:
            self._history.append(Change(now.astimezone(UTC), arn, before, after))

    def _known(self, arn: str) -> Project:
        if arn not in self._projects:
            raise KeyError(f"no project {arn}; put_project() adds one")
        return self._projects[arn]

    def _required(self, arn: str) -> tuple[Project, Version]:
        found = self.version(arn)
        if found is None:
            raise KeyError(f"no version {arn}")
        return found

    @staticmethod
    def _end_plan(version: Version) -> None:
        if version.plan is not None:
            version.plan.dropped = True
            version.plan = None


def _name_in(arn: str) -> str:
    """`.../version/NAME/DIGITS`; a document's key that is no ARN is its own name."""
    parts = arn.split("/")
    return parts[-2] if len(parts) > 1 else arn
