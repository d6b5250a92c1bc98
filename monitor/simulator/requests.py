"""The constraints of each operation's input, and AWS's words for a breach.

Taken from botocore's model of the service; botocore checks only types, presence and some lengths by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from monitor.simulator.arns import NAME, PROJECT_ARN, VERSION_ARN
from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an input. *low* and *high* bound a number, or the length of a text or a list."""

    name: str
    type: type = str
    required: bool = False
    pattern: re.Pattern[str] | None = None
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()


_FEATURES = ("CUSTOM_LABELS", "CONTENT_MODERATION")
_MAX_RESULTS = Member(name="MaxResults", type=int, low=1, high=100)
_NEXT_TOKEN = Member(name="NextToken", high=1024)
_OUTPUT = Member(name="OutputConfig", type=dict, required=True)


def _project(name: str = "ProjectArn") -> Member:
    return Member(name=name, required=True, pattern=PROJECT_ARN, low=20, high=2048)


def _version(name: str = "ProjectVersionArn") -> Member:
    return Member(name=name, required=True, pattern=VERSION_ARN, low=20, high=2048)


def _name(name: str) -> Member:
    return Member(name=name, required=True, pattern=re.compile(NAME), low=1, high=255)


MEMBERS: Mapping[str, tuple[Member, ...]] = MappingProxyType(
    {
        "DescribeProjects": (
            Member(name="ProjectNames", type=list, low=1, high=10),
            Member(name="Features", type=list, low=1, high=2, choices=_FEATURES),
            _MAX_RESULTS,
            _NEXT_TOKEN,
        ),
        "DescribeProjectVersions": (
            _project(),
            Member(name="VersionNames", type=list, low=1, high=10),
            _MAX_RESULTS,
            _NEXT_TOKEN,
        ),
        "CreateProject": (_name("ProjectName"), Member(name="Feature", choices=_FEATURES)),
        "CreateProjectVersion": (_project(), _name("VersionName"), _OUTPUT),
        "StartProjectVersion": (
            _version(),
            Member(name="MinInferenceUnits", type=int, required=True, low=1),
            Member(name="MaxInferenceUnits", type=int, low=1),
        ),
        "StopProjectVersion": (_version(),),
        "CopyProjectVersion": (
            _project("SourceProjectArn"),
            _version("SourceProjectVersionArn"),
            _project("DestinationProjectArn"),
            _name("VersionName"),
            _OUTPUT,
        ),
        "DeleteProjectVersion": (_version(),),
        "DeleteProject": (_project(),),
        "ListTagsForResource": (Member(name="ResourceArn", required=True, low=20, high=2048),),
    }
)


def check(operation: str, document: Mapping[str, Any]) -> None:
    """Raises Refusal: SerializationException for a wrong type, ValidationException for all other breaches at once."""
    breaches = [breach for member in MEMBERS[operation] for breach in _breaches(member, document.get(member.name))]
    if breaches:
        plural = "s" if len(breaches) > 1 else ""
        raise Refusal(
            "ValidationException", f"{len(breaches)} validation error{plural} detected: {'; '.join(breaches)}"
        )


def _breaches(member: Member, value: Any) -> Iterator[str]:
    if value is None:
        if member.required:
            yield _breach(member, value, "Member must not be null")
        return
    if not isinstance(value, member.type) or isinstance(value, bool):
        raise Refusal("SerializationException", f"{member.name} is not of the type {member.type.__name__}")
    yield from _out_of_bounds(member, value)
    if member.pattern is not None and not member.pattern.fullmatch(str(value)):
        yield _breach(member, value, f"Member must satisfy regular expression pattern: {member.pattern.pattern}")
    words = value if isinstance(value, list) else [value]
    if member.choices and not all(word in member.choices for word in words):
        yield _breach(member, value, f"Member must satisfy enum value set: [{', '.join(member.choices)}]")


def _out_of_bounds(member: Member, value: Any) -> Iterator[str]:
    size, what = (value, "value") if member.type is int else (len(value), "length")
    if member.low is not None and size < member.low:
        yield _breach(member, value, f"Member must have {what} greater than or equal to {member.low}")
    if member.high is not None and size > member.high:
        yield _breach(member, value, f"Member must have {what} less than or equal to {member.high}")


def _breach(member: Member, value: Any, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    where = member.name[0].lower() + member.name[1:]
    return f"Value {shown} at '{where}' failed to satisfy constraint: {constraint}"
