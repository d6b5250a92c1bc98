"""A configuration tried on AWS: each role assumed, each account's projects found, each project asked for once.

Nothing is stored and nobody is told. The budget holds as it does for the daemon.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from monitor.aws.budget import Budgets
from monitor.aws.faults import fault_at
from monitor.aws.projects import ProjectSource
from monitor.aws.sessions import Sessions
from monitor.aws.source import RekognitionSource
from monitor.aws.trouble import TROUBLE
from monitor.config.estimating import Estimate, estimate
from monitor.domain.account import OWN, Account, Place
from monitor.domain.fault import Fault
from monitor.domain.project import parse_project
from monitor.service.accounts import accounts_of
from monitor.service.permissions import duties_of
from monitor.service.projects import projects_of
from monitor.service.settings import aws_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitor.config.model import Config
    from monitor.domain.account import Discovery
    from monitor.domain.census import ProjectListing
    from monitor.domain.policy import Duties
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Listing

_IDENTITY: Final = "GetCallerIdentity"

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What came of an account's credentials.

    Attributes:
        name: Of the account; `OWN` for the process's own.
        role_arn: What was assumed; None where nothing was.
        account_id: As STS says; empty where it did not.
    """

    name: str
    role_arn: str | None
    account_id: str
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of a discovery: the ARNs of all projects, and of those that are to be watched."""

    place: Place
    projects: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What came of a project; *versions* is how many it has, None where that is not known."""

    project: Project
    versions: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCheck:
    """All of it, with what each set of credentials has to be allowed, and the calls that there will be."""

    credentials: tuple[Credentials, ...]
    discoveries: tuple[Found, ...]
    projects: tuple[Described, ...]
    duties: tuple[Duties, ...]
    calls: tuple[Estimate, ...]

    @property
    def faults(self) -> tuple[tuple[str, Fault], ...]:
        """What failed, and why; what failed with an account's role or profile is told of the account alone."""
        bad = {each.name for each in self.credentials if each.fault and each.name != OWN}
        told = [
            *((_called(each.name), each.fault) for each in self.credentials),
            *(
                (f"the projects of {_called(found.place.account)} in {found.place.region}", found.fault)
                for found in self.discoveries
                if found.place.account not in bad
            ),
            *(
                (f"{each.project.name} ({each.project.region})", each.fault)
                for each in self.projects
                if each.project.account not in bad
            ),
        ]
        return tuple((what, fault) for what, fault in told if fault is not None)


def _called(account: str) -> str:
    return f"account {account}" if account else "the monitor's own credentials"


def live_check(config: Config, *, progress: Callable[[int, int], None]) -> LiveCheck:
    """Try *config*; *progress* is told how many of its parts are done, of how many so far."""
    stopping = threading.Event()
    settings = aws_settings(config)
    budgets = Budgets(settings.max_calls_per_second, stopping=stopping)
    sessions = Sessions(settings, budgets, _Silent())
    pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="check")
    try:
        return _Check(config, sessions, pool, progress).run()
    finally:
        stopping.set()
        pool.shutdown(cancel_futures=True)
        sessions.close()


class _Silent:
    """Counts nothing."""

    def attempted(self, *, account_id: str, region: str, operation: str) -> None: ...
    def failed(self, *, account_id: str, region: str, operation: str, code: str) -> None: ...
    def limit(self, *, account_id: str, region: str, calls_per_second: float) -> None: ...


class _Check:
    def __init__(
        self, config: Config, sessions: Sessions, pool: ThreadPoolExecutor, progress: Callable[[int, int], None]
    ) -> None:
        self._config = config
        self._sessions = sessions
        self._source = RekognitionSource(sessions)
        self._projects = ProjectSource(sessions)
        self._pool = pool
        self._progress = progress
        self._done = self._known = 0

    def run(self) -> LiveCheck:
        accounts = accounts_of(self._config)
        listed = projects_of(self._config)
        credentials = self._each(self._identify, [*_own(listed), *accounts])
        ids = {each.name: each.account_id for each in credentials}
        places = [
            (replace(place, account_id=ids[account.name] or place.account_id), account.discovery)
            for account in accounts
            for place in account.places
            if account.discovery
        ]
        discoveries = self._each(lambda pair: self._discover(*pair), places)
        projects = self._each(self._describe, _all(listed, discoveries))
        found = {name: _watched(discoveries, name) for name in ids}
        return LiveCheck(
            credentials=tuple(credentials),
            discoveries=tuple(discoveries),
            projects=tuple(projects),
            duties=duties_of(self._config, ids),
            calls=estimate(self._config, found),
        )

    def _each(self, do: Callable[[_Given], _Made], given: Iterable[_Given]) -> list[_Made]:
        """Do it for each, side by side; the results in their order."""
        futures = [self._pool.submit(do, each) for each in given]
        self._known += len(futures)
        for _ in as_completed(futures):
            self._done += 1
            self._progress(self._done, self._known)
        return [future.result() for future in futures]

    def _identify(self, account: Account) -> Credentials:
        role = next((each.role_arn for each in self._config.accounts if each.name == account.name), None)
        known = Credentials(name=account.name, role_arn=role, account_id=account.account_id)
        try:
            return replace(known, account_id=self._sessions.account_id(account.name))
        except TROUBLE as error:
            place = Place(account=account.name, account_id=account.account_id, region="")
            return replace(known, fault=fault_at(error, place, operation=_IDENTITY))

    def _discover(self, place: Place, discovery: Discovery) -> Found:
        answer = self._projects.list_projects(place, discovery.features)
        if isinstance(answer, Fault):
            return Found(place=place, fault=answer)
        named = [each.arn for each in answer.projects if discovery.wants(parse_project(each.arn).name)]
        watched = self._tagged(place, discovery, named)
        projects = _arns(answer)
        if isinstance(watched, Fault):
            return Found(place=place, projects=projects, fault=watched)
        return Found(place=place, projects=projects, watched=watched)

    def _tagged(self, place: Place, discovery: Discovery, arns: Sequence[str]) -> tuple[str, ...] | Fault:
        if not discovery.tags:
            return tuple(arns)
        wanted = []
        for arn in arns:
            tags = self._projects.list_tags(place, arn)
            if isinstance(tags, Fault):
                return tags
            if discovery.wants_tagged(tags):
                wanted.append(arn)
        return tuple(wanted)

    def _describe(self, project: Project) -> Described:
        answer: Listing | Fault = self._source.list_versions(project)
        if isinstance(answer, Fault):
            return Described(project=project, fault=answer)
        return Described(project=project, versions=len(answer.versions))


def _own(listed: Iterable[Project]) -> tuple[Account, ...]:
    """The process's own credentials, where a project is asked with them. Roles are told by what comes of them."""
    return (Account(name=OWN),) if any(project.account == OWN for project in listed) else ()


def _arns(listing: ProjectListing) -> tuple[str, ...]:
    return tuple(each.arn for each in listing.projects)


def _all(listed: Iterable[Project], discoveries: Iterable[Found]) -> list[Project]:
    """The listed projects, and those that were found besides: one project is one, whoever names it."""
    projects = {project.arn: project for project in listed}
    for found in discoveries:
        for arn in found.watched:
            projects.setdefault(arn, parse_project(arn, account=found.place.account))
    return list(projects.values())


def _watched(discoveries: Iterable[Found], account: str) -> tuple[str, ...]:
    return tuple(arn for found in discoveries if found.place.account == account for arn in found.watched)
