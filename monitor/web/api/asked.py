"""A request, read: every value that it gives, or everything that is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from monitor.config.duration import parse_duration
from monitor.web.api.parameters import MOST_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.datastructures import QueryParams

    from monitor.web.api.parameters import Parameter

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_LATEST: Final = datetime.max.replace(tzinfo=UTC)


class RefusedParametersError(Exception):
    """A request that makes no sense; *problems* has each parameter's name and what is wrong with it."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(what for _, what in problems))
        self.problems = tuple(problems)


class Asked:
    """The values of a request's parameters, each as its schema has it."""

    def __init__(
        self, query: QueryParams, known: Sequence[Parameter], now: datetime, path: Mapping[str, str] = _NONE
    ) -> None:
        """Read *query*, which may hold the parameters *known*; *now* is what durations count back from.

        Raises RefusedParametersError, with all problems at once.
        """
        self._values: dict[str, list[str]] = {}
        self._path = path
        self._now = now
        problems = [*_unknown(query, known)]
        for parameter in known:
            given = query.getlist(parameter.name)
            problems += ((parameter.name, what) for what in _wrong(parameter, given, now))
            self._values[parameter.name] = given
        if problems:
            raise RefusedParametersError(problems)

    def texts(self, parameter: Parameter) -> tuple[str, ...]:
        """Every value, in order."""
        return tuple(self._values[parameter.name])

    def text(self, parameter: Parameter) -> str | None:
        """The only value."""
        return next(iter(self._values[parameter.name]), None)

    def path(self, parameter: Parameter) -> str:
        """What stands in the address."""
        return self._path[parameter.name]

    def number(self, parameter: Parameter) -> int | None:
        """The value, or the default, where there is one."""
        text = self.text(parameter)
        default: int | None = parameter.schema.get("default")
        return default if text is None else int(text)

    def flag(self, parameter: Parameter) -> bool:
        """Whether it is true."""
        return self.text(parameter) == "true"

    def moment(self, parameter: Parameter) -> datetime | None:
        """The time that is meant."""
        text = self.text(parameter)
        return None if text is None else parse_moment(text, self._now)


def read_header(headers: Mapping[str, str], parameter: Parameter) -> int | None:
    """The number in a header, if it is there. Raises RefusedParametersError."""
    text = headers.get(parameter.name)
    what = parameter.wrong(text) if text else None
    if what is not None:
        raise RefusedParametersError([(parameter.name, what)])
    return int(text) if text else None


def parse_moment(text: str, now: datetime) -> datetime:
    """The UTC time that *text* is, or that was so long before *now*. Raises ValueError.

    What is beyond the calendar is its end. A space is what a plus becomes that nobody percent-encoded.
    """
    try:
        return now - parse_duration(text)
    except OverflowError:
        return _EARLIEST
    except ValueError:
        given = datetime.fromisoformat(text.upper().replace(" ", "+"))
    try:
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return _EARLIEST if given.year == 1 else _LATEST


def _unknown(query: Mapping[str, str], known: Sequence[Parameter]) -> Iterator[tuple[str, str]]:
    names = [parameter.name for parameter in known]
    for name in query:
        if name not in names:
            yield name, f"{name} is no parameter here; there are {', '.join(names) or 'none'}"


def _wrong(parameter: Parameter, given: Sequence[str], now: datetime) -> Iterator[str]:
    if len(given) > (MOST_VALUES if parameter.many else 1):
        most = f"at most {MOST_VALUES} times" if parameter.many else "once"
        yield f"{parameter.name} is given {len(given)} times: it may be given {most}"
    for text in given[:MOST_VALUES]:
        what = parameter.wrong(text) or _wrong_moment(parameter, text, now)
        if what is not None:
            yield what


def _wrong_moment(parameter: Parameter, text: str, now: datetime) -> str | None:
    if "anyOf" not in parameter.schema:
        return None
    try:
        parse_moment(text, now)
    except ValueError:
        return f"{parameter.name} is {text!r}: it has to be {parameter.must}"
    return None
