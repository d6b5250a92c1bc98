"""The options that choose among events."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.choosing import account_ids, choice_options
from monitor.cli.moments import HELP, parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monitor.domain.choice import Choice
    from monitor.domain.events import EventType
    from monitor.domain.inquiry import Inquiry
    from monitor.domain.project import Project

    Ask = Callable[[datetime, Sequence[Project]], Inquiry]

SEVERITIES: Final = ("info", "warning", "error", "critical")

_TIMES: Final = (
    click.option("--since", metavar="TIME", help=f"What happened then or later: {HELP}."),
    click.option("--until", metavar="TIME", help="What happened before then, in the same way."),
)
_FACTS: Final = (
    click.option("--status", metavar="WORD", help="Changes to this status."),
    click.option("--severity", type=click.Choice(SEVERITIES), help="What is as grave as this, or graver."),
    click.option(
        "--type",
        "types",
        metavar="TYPE",
        multiple=True,
        help="Events of this type, as `types` of a sink has them: status_changed, say. Several may be given.",
    ),
    click.option("--text", metavar="WORDS", help="Events about which these words all occur somewhere."),
)


def inquiry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `choice_options` and those about events, given to *command* as `ask`.

    That is a function of the time that it is and the projects of the configuration; it makes the inquiry, or raises
    BadParameter.
    """

    @wraps(command)
    def asking(
        *args: Any,
        choice: Choice,
        since: str | None,
        until: str | None,
        status: str | None,
        severity: str | None,
        types: tuple[str, ...],
        text: str | None,
        **rest: Any,
    ) -> Any:
        times = partial(_inquiry, choice=choice, since=since, until=until)
        ask = partial(times, status=status, severity=severity, types=types, text=text)
        return command(*args, ask=ask, **rest)

    return _with(_TIMES, choice_options(_with(_FACTS, asking)))


def _with(options: Sequence[Callable[[Any], Any]], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def _inquiry(
    now: datetime,
    projects: Sequence[Project],
    *,
    choice: Choice,
    since: str | None,
    until: str | None,
    status: str | None,
    severity: str | None,
    types: tuple[str, ...],
    text: str | None,
) -> Inquiry:
    from monitor.domain.inquiry import Inquiry
    from monitor.domain.severity import Severity

    return Inquiry(
        projects=choice.projects,
        versions=choice.versions,
        accounts=account_ids(choice, projects),
        regions=choice.regions,
        labels=choice.labels,
        types=tuple(kind for word in types for kind in _types(word)),
        severity=Severity.parse(severity) if severity else None,
        after_status=status.upper() if status else None,
        since=parse_moment(since, now, "--since") if since else None,
        until=parse_moment(until, now, "--until") if until else None,
        text=text,
    )


def _types(word: str) -> list[EventType]:
    from monitor.config.event_types import TYPES, expand
    from monitor.domain.events import EventType

    kinds = [EventType(name) for name in expand(word)]
    if not kinds:
        raise click.BadParameter(f"{word!r} is no type of event; there are: {', '.join(TYPES)}", param_hint="--type")
    return kinds
