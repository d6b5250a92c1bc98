"""What the commands know as tables: grouped and coloured at a terminal, a row a fact in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from rich.text import Text

from monitor.cli.printing import at_terminal, cells, make_table
from monitor.cli.styles import SEVERITIES, status_style
from monitor.cli.text import NOTHING, count, score, since, span, training_time, units, visible
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from rich.table import Table

    from monitor.cli.watched import Watched
    from monitor.domain.delivery import Delivery
    from monitor.domain.snapshot import Tracked
    from monitor.service import Polled

_VERSION = ("VERSION", "STATUS", "SINCE", ">F1", ">UNITS", ">TRAINING", "MESSAGE")


def status_tables(found: Sequence[Watched], now: datetime) -> Iterator[Table]:
    """Every project's versions: a table for each project at a terminal, in a pipe one that greps well."""
    if not at_terminal():
        yield _status_table(found, now)
        return
    for watched in found:
        table = make_table(*_VERSION, title=_heading(watched, now))
        for tracked in watched.versions:
            table.add_row(*_version(tracked, now))
        yield table


def _status_table(found: Sequence[Watched], now: datetime) -> Table:
    table = make_table("PROJECT", "REGION", "ACCOUNT", "SEEN", *_VERSION)
    for watched in found:
        project = watched.project
        where = cells((project.name, project.region, project.account_id, _seen(watched, now)))
        for version in [_version(tracked, now) for tracked in watched.versions] or [cells(NOTHING * len(_VERSION))]:
            table.add_row(*where, *version)
    return table


def _heading(watched: Watched, now: datetime) -> Text:
    project = watched.project
    heading = Text(project.name, style="bold")
    heading.append(f"  {project.region}  {project.account_id}", style="not bold dim")
    heading.append(f"  {count(len(watched.versions), 'version')}", style="not bold dim")
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
    table = make_table("PROJECT", "REGION", "ACCOUNT", "RESULT", ">EVENTS", ">VERSIONS", "STATUSES")
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
    table = make_table("SINK", "STATE", ">TRIES", ">AGE", ">NEXT", "EVENT", "SUMMARY", "ERROR")
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
