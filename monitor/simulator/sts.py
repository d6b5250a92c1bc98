"""The simulated Security Token Service: AssumeRole, AssumeRoleWithWebIdentity and GetCallerIdentity."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.simulator.query import Fields
    from monitor.simulator.roles import Roles, RoleSpec

_LIFE: Final = "3600"
"""Seconds of a session, when the caller does not say."""


def assume_role(roles: Roles, caller: str, request: Mapping[str, str]) -> Fields:
    """A session, if the role trusts the *caller* (an account) and the external id is the right one."""
    role = roles.find(request.get("RoleArn", ""))
    trusted = role is not None and (not role.trusts or caller in role.trusts)
    if role is None or not trusted or role.external_id not in (None, request.get("ExternalId")):
        raise Refusal("AccessDenied", _denied(f"arn:aws:iam::{caller}:user/monitor", request))
    return _session(roles, role, request)


def assume_role_with_web_identity(roles: Roles, _caller: str, request: Mapping[str, str]) -> Fields:
    """The same, for whoever has the token."""
    role = roles.find(request.get("RoleArn", ""))
    if role is None or role.web_identity_token is None:
        raise Refusal("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    if request.get("WebIdentityToken") != role.web_identity_token:
        raise Refusal("InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider")
    return _session(roles, role, request)


def get_caller_identity(roles: Roles, caller: str, request: Mapping[str, str]) -> Fields:
    """Who asks."""
    session = roles.session(request.get("AccessKey", ""))
    arn = session.arn if session else f"arn:aws:iam::{caller}:user/monitor"
    return {"Arn": arn, "UserId": "AIDASIMULATED", "Account": caller}


STS_OPERATIONS: Final[Mapping[str, Callable[[Roles, str, Mapping[str, str]], Fields]]] = {
    "AssumeRole": assume_role,
    "AssumeRoleWithWebIdentity": assume_role_with_web_identity,
    "GetCallerIdentity": get_caller_identity,
}
UNSIGNED: Final = frozenset({"AssumeRoleWithWebIdentity"})
"""Operations that need no credentials."""


def _session(roles: Roles, role: RoleSpec, request: Mapping[str, str]) -> Fields:
    duration = timedelta(seconds=int(request.get("DurationSeconds", _LIFE)))
    session = roles.assume(role, request.get("RoleSessionName", "session"), duration)
    return {
        "AssumedRoleUser": {"AssumedRoleId": "AROASIMULATED:session", "Arn": session.arn},
        "Credentials": {
            "AccessKeyId": session.access_key,
            "SecretAccessKey": "simulated-secret-access-key",
            "SessionToken": session.token,
            "Expiration": session.ends_at.isoformat().replace("+00:00", "Z"),
        },
    }


def _denied(user: str, request: Mapping[str, str]) -> str:
    return f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {request.get('RoleArn')}"
