"""Roles to assume, and the sessions that came of it: whose call it is, and whether it may still be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from monitor.simulator.durations import Duration  # noqa: TC001 - pydantic reads it at run time
from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta

    from monitor.simulator.wire import Call

RoleArn = Annotated[str, Field(pattern=r"^arn:[a-z0-9-]+:iam::[0-9]{12}:role/[a-zA-Z0-9_+=,.@/-]+$")]

_TOKEN: Final = "simulated-session-"  # noqa: S105 - what tokens begin with


class RoleSpec(BaseModel):
    """A role that STS knows. Any other is refused, as in AWS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arn: RoleArn
    external_id: str | None = None
    """What its trust policy asks for."""
    trusts: tuple[str, ...] = ()
    """Accounts that may assume it; empty for all."""
    web_identity_token: str | None = None
    """What assumes it instead of credentials."""
    session_life: Duration | None = None
    """How long its sessions last, whatever the caller asks for."""

    @property
    def account(self) -> str:
        """The 12 digits in its ARN."""
        return self.arn.split(":")[4]


@dataclass(slots=True, kw_only=True)
class Session:
    """One session of a role."""

    access_key: str
    token: str
    account: str
    arn: str
    ends_at: datetime


@dataclass(slots=True, kw_only=True)
class Roles:
    """All roles and their sessions; thread-safe. *clock* gives the real time, in which sessions end."""

    clock: Callable[[], datetime]
    _roles: dict[str, RoleSpec] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def put(self, role: RoleSpec) -> None:
        """Add a role, or replace it."""
        with self._lock:
            self._roles[role.arn] = role

    def put_all(self, roles: Iterable[RoleSpec]) -> None:
        """Add all of them."""
        for role in roles:
            self.put(role)

    def find(self, arn: str) -> RoleSpec | None:
        """The role, or None."""
        return self._roles.get(arn)

    def assume(self, role: RoleSpec, session_name: str, duration: timedelta) -> Session:
        """A new session of *role*."""
        partition, name = role.arn.split(":")[1], role.arn.rpartition("/")[2]
        session = Session(
            access_key=f"ASIA{token_hex(8).upper()}",
            token=f"{_TOKEN}{token_hex(16)}",
            account=role.account,
            arn=f"arn:{partition}:sts::{role.account}:assumed-role/{name}/{session_name}",
            ends_at=self.clock() + (role.session_life or duration),
        )
        with self._lock:
            self._sessions[session.access_key] = session
        return session

    def session(self, access_key: str) -> Session | None:
        """The session of this access key, whether or not it has ended."""
        return self._sessions.get(access_key)

    def end(self, account: str | None = None) -> int:
        """End the sessions of *account*, or all, before their time; returns how many."""
        now = self.clock()
        with self._lock:
            ended = [each for each in self._sessions.values() if account in (None, each.account) and each.ends_at > now]
            for session in ended:
                session.ends_at = now
        return len(ended)

    def admit(self, call: Call) -> Session | None:
        """The session that made *call*, None for a call without one. Raises Refusal when it ended, or is not ours."""
        session = self.session(call.access_key)
        if session is None:
            if call.token.startswith(_TOKEN):
                raise Refusal("UnrecognizedClientException")
            return None
        if session.ends_at <= self.clock():
            raise Refusal("ExpiredTokenException")
        return session
