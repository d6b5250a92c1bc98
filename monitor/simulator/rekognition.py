"""The simulated service: a call in, a reply out. It knows nothing of sockets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from monitor.simulator.changes import (
    copy_project_version,
    create_project,
    create_project_version,
    delete_project,
    delete_project_version,
    start_project_version,
    stop_project_version,
)
from monitor.simulator.faults import Aim, Fault, FaultKind, Faults, Mischief
from monitor.simulator.listings import describe_project_versions, describe_projects, list_tags
from monitor.simulator.query import query_error, query_reply, read_form
from monitor.simulator.records import Entry, Records, Served
from monitor.simulator.refusals import Refusal
from monitor.simulator.requests import check
from monitor.simulator.scene import Scene
from monitor.simulator.spoiling import interrupt, spoil_document, spoil_reply
from monitor.simulator.sts import STS_OPERATIONS, UNSIGNED
from monitor.simulator.wire import Call, Reply, document_reply, error_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from monitor.simulator.documents import Document
    from monitor.simulator.roles import Roles
    from monitor.simulator.scenario import Scenario
    from monitor.simulator.throttle import Throttle
    from monitor.simulator.tokens import Tokens
    from monitor.simulator.world import World

OPERATIONS: Mapping[str, Callable[[Scene, Mapping[str, Any]], Document]] = MappingProxyType(
    {
        "DescribeProjects": describe_projects,
        "DescribeProjectVersions": describe_project_versions,
        "CreateProject": create_project,
        "CreateProjectVersion": create_project_version,
        "StartProjectVersion": start_project_version,
        "StopProjectVersion": stop_project_version,
        "CopyProjectVersion": copy_project_version,
        "DeleteProjectVersion": delete_project_version,
        "DeleteProject": delete_project,
        "ListTagsForResource": list_tags,
    }
)
_ARNS = ("ProjectArn", "ProjectVersionArn", "DestinationProjectArn", "ResourceArn")
_LISTS = ("ProjectDescriptions", "ProjectVersionDescriptions")
THROTTLED = "throttled"


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What is found out about a call on the way to its reply."""

    aim: Aim
    at: datetime
    document: Document = field(default_factory=dict)
    mischief: Mischief = field(default_factory=Mischief)
    code: str | None = None
    throttled: bool = False

    @property
    def fault(self) -> str | None:
        if self.throttled:
            return THROTTLED
        if self.mischief.fault is not None:
            return self.mischief.fault.kind.value
        return FaultKind.LATENCY.value if self.mischief.delay else None

    @property
    def complete(self) -> bool:
        listed = any(key in self.document for key in _LISTS)
        spoiled = self.mischief.fault is not None or self.code is not None
        return listed and not spoiled and not self.document.get("NextToken")


@dataclass(slots=True, kw_only=True)
class Rekognition:
    """Answers for every account and region. *pause* waits so many seconds, or less when the simulator stops."""

    scenario: Scenario
    world: World
    faults: Faults
    records: Records
    tokens: Tokens
    throttle: Throttle
    roles: Roles
    began: datetime
    pause: Callable[[float], None]

    def answer(self, call: Call) -> tuple[Reply, Entry]:
        """The reply, and its record, which is in the book already."""
        outcome = _Outcome(aim=self._aim(call, {}), at=self.world.clock())
        try:
            reply = self._attempt(call, outcome)
        except Refusal as refusal:
            outcome.code = refusal.code
            reply = query_error(refusal) if call.is_query else error_reply(refusal)
        return reply, self.records.add(_served(call, outcome))

    def _attempt(self, call: Call, outcome: _Outcome) -> Reply:
        _refuse_strangers(call)
        request = read_form(call.body) if call.is_query else call.document()
        outcome.aim = aim = self._aim(call, request)
        self._refuse_sessions(call, aim)
        if not call.is_query and not self._admits(aim):
            outcome.throttled = True
            raise Refusal("ThrottlingException")
        outcome.mischief = self.faults.choose(aim, (outcome.at - self.began) * self.world.speed)
        self._wait(outcome.mischief.delay)
        fault = outcome.mischief.fault
        interruption = interrupt(fault) if fault is not None else None
        return interruption or self._carry_out(call, request, outcome, fault)

    def _carry_out(self, call: Call, request: Mapping[str, Any], outcome: _Outcome, fault: Fault | None) -> Reply:
        if call.is_query:
            caller = self._account_of(call.access_key)
            answer = STS_OPERATIONS[call.operation](self.roles, caller, {**request, "AccessKey": call.access_key})
            return query_reply(call.operation, answer)
        check(call.operation, request)
        with self.world.turn() as now:
            outcome.at = now
            document = OPERATIONS[call.operation](self._scene(call), request)
        outcome.document = document
        return document_reply(document) if fault is None else _spoiled(fault, request, outcome)

    def _admits(self, aim: Aim) -> bool:
        return self.throttle.admits((aim.account, aim.region, aim.operation), self.scenario.quotas.get(aim.account))

    def _refuse_sessions(self, call: Call, aim: Aim) -> None:
        """A session that has ended; and one that asks for what is another account's."""
        session = self.roles.admit(call)
        if session is not None and not call.is_query and session.account != aim.account:
            told = f"User: {session.arn} is not authorized to perform: rekognition:{call.operation}"
            raise Refusal("AccessDeniedException", f"{told} on resource: {aim.project_arn}")

    def _account_of(self, access_key: str) -> str:
        session = self.roles.session(access_key)
        return session.account if session is not None else self.scenario.account_of(access_key)

    def _wait(self, delay: timedelta) -> None:
        if delay:
            self.pause(delay.total_seconds())

    def _scene(self, call: Call) -> Scene:
        return Scene(
            world=self.world,
            limits=self.scenario.limits,
            durations=self.scenario.durations,
            tokens=self.tokens,
            account=self._account_of(call.access_key),
            region=call.region,
        )

    def _aim(self, call: Call, request: Mapping[str, Any]) -> Aim:
        arns = (request.get(key) for key in _ARNS)
        arn = next((arn for arn in arns if isinstance(arn, str)), None)
        parts = str(arn or request.get("RoleArn") or "").split(":")
        return Aim(
            operation=call.operation,
            project_arn=arn,
            page=self.tokens.page(request.get("NextToken")),
            account=parts[4] if len(parts) > 4 else self._account_of(call.access_key),  # noqa: PLR2004 - ARN
            region=call.region,
            access_key=call.access_key,
        )


def _spoiled(fault: Fault, request: Mapping[str, Any], outcome: _Outcome) -> Reply:
    """The reply with the fault; one that finds nothing to spoil (a list, a token) is not said to have been made."""
    whole = document_reply(outcome.document)
    outcome.document = spoil_document(fault, outcome.document, request)
    carried = document_reply(outcome.document)
    reply = spoil_reply(fault, carried)
    if reply == whole:
        outcome.mischief = replace(outcome.mischief, fault=None)
    if reply != carried:
        outcome.document = {}
    return reply


def _refuse_strangers(call: Call) -> None:
    if call.operation not in (STS_OPERATIONS if call.is_query else OPERATIONS):
        raise Refusal("UnknownOperationException")
    if not call.access_key and call.operation not in UNSIGNED:
        raise Refusal("MissingAuthenticationTokenException")


def _served(call: Call, outcome: _Outcome) -> Served:
    return Served(
        at=outcome.at,
        operation=call.operation,
        account=outcome.aim.account,
        region=outcome.aim.region,
        project_arn=outcome.aim.project_arn,
        page=outcome.aim.page or 1,
        versions=tuple(_versions(outcome.document)),
        fault=outcome.fault,
        code=outcome.code,
        access_key=call.access_key,
        user_agent=call.user_agent,
        complete=outcome.complete,
    )


def _versions(document: Document) -> list[tuple[str, str | None]]:
    listed = document.get("ProjectVersionDescriptions")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return [(item["ProjectVersionArn"], item.get("Status")) for item in items if item.get("ProjectVersionArn")]
