"""What the commands know as tables: grouped and coloured at a terminal, a row a fact in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from monitor.cli.printing import at_terminal, print_parts, print_table
from monitor.cli.styles import SEVERITIES, status_style
from monitor.cli.table import Words, make_table, number, short, wide
from monitor.cli.text import NOTHING, count, score, since, span, training_time, units
from monitor.domain.severity import Severity
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.cli.table import Column, Line, Table
    from monitor.cli.watched import Watched
    from monitor.domain.delivery import Delivery
    from monitor.domain.snapshot import Tracked
    from monitor.service.sweep import Polled


def print_status(found: Sequence[Watched], now: datetime) -> None:
    """Every project's versions: a heading and a table for each project at a terminal, in a pipe what greps well."""
    if not at_terminal():
        print_table(_flat_table(found, now))
        return
    print_parts(status_parts(found, now))


def status_parts(found: Sequence[Watched], now: datetime) -> Iterator[Line | Table]:
    """What a terminal shows: a heading and a table for each project."""
    for position, watched in enumerate(found):
        if position:
            yield ()
        yield _heading(watched, now)
        if watched.versions:
            yield _versions_table(watched, now)


def _flat_table(found: Sequence[Watched], now: datetime) -> Table:
    table = make_table(short("PROJECT"), short("REGION"), short("ACCOUNT"), short("SEEN"), *_version_columns())
    for watched in found:
        project = watched.project
        where = (project.name, project.region, project.account_id, _seen(watched, now))
        nothing: list[str | Words] = [NOTHING] * len(_version_columns())
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


def _heading(watched: Watched, now: datetime) -> Line:
    project = watched.project
    where = f"  {project.region}  {project.account_id}  {count(len(watched.versions) + watched.left_out, 'version')}"
    seen = Words(f"  seen {_seen(watched, now)}", "red" if watched.unreachable else "dim")
    return (Words(project.name, "bold"), Words(where, "dim"), seen)


def _seen(watched: Watched, now: datetime) -> str:
    age = f"{span(now - watched.snapshot.seen_at)} ago" if watched.snapshot else "never"
    return f"{age}, unreachable" if watched.unreachable else age


def _version(tracked: Tracked, now: datetime) -> list[str | Words]:
    version = tracked.version
    return [
        visible(version.name),
        Words(visible(version.status.word), status_style(version.status)),
        since(tracked, now),
        score(version),
        units(version),
        training_time(version),
        visible(version.status_message or NOTHING),
    ]


def poll_table(results: Sequence[Polled]) -> Table:
    """What a sweep found."""
    where = (wide("PROJECT"), short("REGION"), short("ACCOUNT"))
    table = make_table(*where, short("RESULT"), number("EVENTS"), number("VERSIONS"), wide("STATUSES"))
    for polled in results:
        project, statuses = polled.project, polled.state.counts()
        table.add_row(
            *(project.name, project.region, project.account_id),
            _result(polled),
            *(str(len(polled.events)), str(statuses.total())),
            visible(", ".join(f"{number} {word}" for word, number in statuses.most_common())) or NOTHING,
        )
    return table


def _result(polled: Polled) -> Words:
    if polled.fault is None:
        return Words("ok", "green")
    return Words(str(polled.fault.reason), SEVERITIES[Severity.ERROR])


def outbox_table(deliveries: Sequence[Delivery], now: datetime) -> Table:
    """What waits or died."""
    state = (short("SINK"), short("STATE"), number("TRIES"), number("AGE"), number("NEXT"))
    table = make_table(*state, short("EVENT"), wide("SUMMARY"), wide("ERROR"))
    for delivery in deliveries:
        dead = str(delivery.state) == "dead"
        table.add_row(
            *(delivery.sink, Words(str(delivery.state), "red" if dead else ""), str(delivery.attempts)),
            *(span(now - delivery.stored_at), NOTHING if dead else span(delivery.due_at - now)),
            *(delivery.message.id, _summary(delivery), visible(delivery.error or NOTHING)),
        )
    return table


def _summary(delivery: Delivery) -> str:
    return visible(str(orjson.loads(delivery.message.document)["data"].get("summary", NOTHING)))
