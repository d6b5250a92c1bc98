"""What the commands know as tables: grouped and coloured at a terminal, a row a fact in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from rich.text import Text

from monitor.cli.printing import at_terminal, cells, make_table, number, print_part, print_table, short, wide
from monitor.cli.styles import SEVERITIES, status_style
from monitor.cli.text import NOTHING, count, score, since, span, training_time, units
from monitor.domain.severity import Severity
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from rich.table import Column, Table

    from monitor.cli.watched import Watched
    from monitor.domain.delivery import Delivery
    from monitor.domain.snapshot import Tracked
    from monitor.service.sweep import Polled


def print_status(found: Sequence[Watched], now: datetime) -> None:
    """Every project's versions: a heading and a table for each project at a terminal, in a pipe what greps well."""
    if not at_terminal():
        print_table(_flat_table(found, now))
        return
    for part in status_parts(found, now):
        print_part(part)


def status_parts(found: Sequence[Watched], now: datetime) -> Iterator[Text | Table]:
    """What a terminal shows: a heading and a table for each project."""
    for position, watched in enumerate(found):
        if position:
            yield Text()
        yield _heading(watched, now)
        if watched.versions:
            yield _versions_table(watched, now)


def _flat_table(found: Sequence[Watched], now: datetime) -> Table:
    table = make_table(short("PROJECT"), short("REGION"), short("ACCOUNT"), short("SEEN"), *_version_columns())
    for watched in found:
        project = watched.project
        where = cells((project.name, project.region, project.account_id, _seen(watched, now)))
        nothing = cells(NOTHING * len(_version_columns()))
        for version in [_version(tracked, now) for tracked in watched.versions] or [nothing]:
            table.add_row(*where, *version)
    return table


def _versions_table(watched: Watched, now: datetime) -> Table:
    table = make_table(*_version_columns())
    for tracked in watched.versions:
        table.add_row(*_version(tracked, now))
    return table


def _version_columns() -> tuple[Column, ...]:
    numbers = (number("F1"), number("UNITS"), number("TRAINING"))
    return (wide("VERSION"), short("STATUS"), short("SINCE"), *numbers, wide("MESSAGE"))


def _heading(watched: Watched, now: datetime) -> Text:
    project = watched.project
    heading = Text(project.name, style="bold")
    where = f"  {project.region}  {project.account_id}  {count(len(watched.versions) + watched.left_out, 'version')}"
    heading.append(where, style="not bold dim")
    heading.append(f"  seen {_seen(watched, now)}", style="not bold red" if watched.unreachable else "not bold dim")
    return heading


def _seen(watched: Watched, now: datetime) -> str:
    age = f"{span(now - watched.snapshot.seen_at)} ago" if watched.snapshot else "never"
    return f"{age}, unreachable" if watched.unreachable else age


def _version(tracked: Tracked, now: datetime) -> list[Text]:
    version = tracked.version
    return [
        Text(visible(version.name)),
        Text(visible(version.status.word), style=status_style(version.status)),
        Text(since(tracked, now)),
        Text(score(version)),
        Text(units(version)),
        Text(training_time(version)),
        Text(visible(version.status_message or NOTHING)),
    ]


def poll_table(results: Sequence[Polled]) -> Table:
    """What a sweep found."""
    where = (wide("PROJECT"), short("REGION"), short("ACCOUNT"))
    table = make_table(*where, short("RESULT"), number("EVENTS"), number("VERSIONS"), wide("STATUSES"))
    for polled in results:
        project, statuses = polled.project, polled.state.counts()
        table.add_row(
            *cells((project.name, project.region, project.account_id)),
            _result(polled),
            *cells((str(len(polled.events)), str(statuses.total()))),
            Text(visible(", ".join(f"{number} {word}" for word, number in statuses.most_common())) or NOTHING),
        )
    return table


def _result(polled: Polled) -> Text:
    if polled.fault is None:
        return Text("ok", style="green")
    return Text(str(polled.fault.reason), style=SEVERITIES[Severity.ERROR])


def outbox_table(deliveries: Sequence[Delivery], now: datetime) -> Table:
    """What waits or died."""
    state = (short("SINK"), short("STATE"), number("TRIES"), number("AGE"), number("NEXT"))
    table = make_table(*state, short("EVENT"), wide("SUMMARY"), wide("ERROR"))
    for delivery in deliveries:
        dead = str(delivery.state) == "dead"
        table.add_row(
            *cells((delivery.sink, Text(str(delivery.state), style="red" if dead else ""), str(delivery.attempts))),
            *cells((span(now - delivery.stored_at), NOTHING if dead else span(delivery.due_at - now))),
            *cells((delivery.message.id, _summary(delivery), visible(delivery.error or NOTHING))),
        )
    return table


def _summary(delivery: Delivery) -> str:
    return visible(str(orjson.loads(delivery.message.document)["data"].get("summary", NOTHING)))
