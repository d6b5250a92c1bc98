"""The mappings within the settings of a sink."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from monitor.config.section import DAY, HOUR, MINUTE, Section
from monitor.config.values import Count, Duration, StatusWord
from monitor.domain import quiet
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME: Final = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIME_ADVICE: Final = 'write it in quotes, as in "22:00"'


def read_time(value: object) -> object:
    """*value*, unless it is what YAML makes of a time without quotes: 22:00 is a number to base 60."""
    if isinstance(value, int):
        raise ValueError(f"is not a time of day: {_TIME_ADVICE}")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def check_time(text: str) -> str:
    if not re.fullmatch(_TIME, text, re.ASCII):
        raise ValueError(f"is not a time of day: {_TIME_ADVICE}")
    return text


def check_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone that this machine knows: write it as in Europe/Berlin, or UTC") from None
    return text


TimeOfDay = Annotated[
    str,
    BeforeValidator(read_time),
    AfterValidator(check_time),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME}$"}),
]
Zone = Annotated[str, AfterValidator(check_zone)]


class StatusMoves(Section):
    """Changes of status, by what a version came from and what it went to."""

    model_config = ConfigDict(serialize_by_alias=True)

    before: tuple[StatusWord, ...] = Field(
        default=(),
        alias="from",
        min_length=1,
        description="The status before. With any here, only changes of status are sent.",
        examples=[["RUNNING"]],
    )
    after: tuple[StatusWord, ...] = Field(
        default=(),
        alias="to",
        min_length=1,
        description="The status that a version has now, or had last; what a list in place of this mapping holds.",
        examples=[["STOPPING", "FAILED"]],
    )


def _form(value: Any) -> str:
    return "moves" if isinstance(value, (dict, StatusMoves)) else "list"


FORMS: Final = frozenset({"moves", "list"})
"""What pydantic puts into the place of an error to say which form of `statuses` was meant."""

Statuses = Annotated[
    Annotated[tuple[StatusWord, ...], Field(min_length=1), Tag("list")] | Annotated[StatusMoves, Tag("moves")],
    Discriminator(_form),
]


class QuietWindow(Section):
    """A time of the week in which a sink is told only what cannot wait."""

    model_config = ConfigDict(serialize_by_alias=True)

    begins: TimeOfDay = Field(
        default="00:00", alias="from", description="When it begins, by the clocks of the zone.", examples=["22:00"]
    )
    ends: TimeOfDay = Field(
        default="00:00",
        alias="to",
        description="When it ends; on the next day where that is not later than its beginning.",
        examples=["07:00"],
    )
    days: tuple[Day, ...] = Field(
        default=(), min_length=1, description="The days on which it begins; all when left out.", examples=[["sat"]]
    )
    zone: Zone = Field(default="UTC", description="The time zone, by its IANA name.", examples=["Europe/Berlin"])
    below: Literal["warning", "error", "critical"] = Field(
        default="error",
        description="Events of less than this severity wait for the end of the window. One that cannot wait takes "
        "along those of the same version that waited before it.",
        examples=["critical"],
    )


class Flapping(Section):
    """When a version that goes to and fro is told together."""

    changes: Count = Field(
        default=5,
        ge=2,
        le=1000,
        description="More changes of status of one version than these, in the time of `within`, are flapping.",
        examples=[5],
    )
    within: Duration = Field(
        default=10 * MINUTE,
        ge=MINUTE,
        le=DAY,
        description="The time for them. When there was none for as long, it is over and the summary is sent.",
        examples=["10m"],
    )
    longest: Duration = Field(
        default=HOUR,
        ge=MINUTE,
        le=DAY,
        description="A summary of what happened so far is sent after this time at the latest.",
        examples=["1h"],
    )


def quiet_windows(given: Iterable[QuietWindow]) -> tuple[quiet.QuietWindow, ...]:
    """The windows that the settings describe."""
    return tuple(
        quiet.QuietWindow(
            begins=time.fromisoformat(window.begins),
            ends=time.fromisoformat(window.ends),
            days=frozenset(map(DAYS.index, window.days)) or quiet.EVERY_DAY,
            zone=ZoneInfo(window.zone),
            below=Severity.parse(window.below),
        )
        for window in given
    )
