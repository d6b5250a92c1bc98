"""Facts for tests: each builder gives a whole, valid one, and takes what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.fault import Fault, Reason, Scope
from monitor.domain.project import parse_project, version_name
from monitor.domain.snapshot import Listing, Snapshot, Tracked
from monitor.domain.status import Status, parse_status
from monitor.domain.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.project import Project
    from monitor.domain.snapshot import Absence

T0: Final = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
"""When a test's time begins, unless it says otherwise."""

PROJECT_ARN: Final = "arn:aws:rekognition:us-east-1:111122223333:project/getting-started/1690474772815"
ENDPOINT: Final = "arn:aws:rekognition:us-east-1:111122223333"


def at(minutes: float = 0, *, seconds: float = 0) -> datetime:
    """That long after `T0`; before it where negative."""
    return T0 + timedelta(minutes=minutes, seconds=seconds)


def project_arn(
    name: str = "getting-started",
    *,
    region: str = "us-east-1",
    account_id: str = "111122223333",
    partition: str = "aws",
    created_ms: int = 1690474772815,
) -> str:
    """The ARN of a project of that name."""
    return f"arn:{partition}:rekognition:{region}:{account_id}:project/{name}/{created_ms}"


def project(arn: str = PROJECT_ARN, **settings: Any) -> Project:
    """A watched project; *settings* as `parse_project` takes them (labels, patterns, interval, transition_interval)."""
    return parse_project(arn, **settings)


def version_arn(name: str = "v1", *, of: str = PROJECT_ARN, created_ms: int = 1690556751958) -> str:
    """The ARN of a version of that name in the project *of*."""
    return f"{of.rpartition('/')[0]}/version/{name}/{created_ms}"


def version(name: str = "v1", status: Status | str = "STOPPED", *, arn: str | None = None, **fields: Any) -> Version:
    """A version of that name and status; *arn* where the name's usual one will not do."""
    arn = arn or version_arn(name)
    word = status.word if isinstance(status, Status) else status
    return Version(arn=arn, name=version_name(arn), status=parse_status(word), **fields)


def tracked(
    what: Version | None = None,
    *,
    since: datetime = T0,
    at_least: bool = False,
    sequence: int = 0,
    absence: Absence | None = None,
) -> Tracked:
    """A version with what is known of it."""
    return Tracked(version=what or version(), status_since=since, at_least=at_least, sequence=sequence, absence=absence)


def snapshot(
    *items: Tracked,
    seen_at: datetime = T0,
    revision: int = 1,
    gone: dict[str, int] | None = None,
    arn: str = PROJECT_ARN,
) -> Snapshot:
    """A project's snapshot of these versions, newest first."""
    versions = {item.version.arn: item for item in items}
    return Snapshot(project_arn=arn, revision=revision, seen_at=seen_at, versions=versions, gone=gone or {})


def listing(*versions: Version, malformed: Iterable[str] = ()) -> Listing:
    """A complete listing of these versions, newest first."""
    return Listing(versions=versions, malformed=tuple(malformed), request_ids=("request-1",))


def fault(
    reason: Reason = Reason.TIMED_OUT,
    *,
    scope: Scope = Scope.ENDPOINT,
    message: str = "no answer in 20 s",
    hint: str = "Check the network.",
    soon: bool = True,
    code: str | None = None,
    request_id: str | None = None,
) -> Fault:
    """A failed poll."""
    return Fault(reason=reason, message=message, hint=hint, scope=scope, soon=soon, code=code, request_id=request_id)
