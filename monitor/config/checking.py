"""What one part of the configuration says about another: refused where it cannot be meant, else a warning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from monitor.config.account_doubts import odd_accounts
from monitor.config.duration import format_duration
from monitor.config.estimating import Estimate, estimate, intervals
from monitor.config.event_types import PREFIX
from monitor.config.problems import Problem, did_you_mean, dotted
from monitor.config.sinks.doubts import odd_files, open_headers
from monitor.config.sinks.parts import StatusMoves, quiet_windows
from monitor.domain.account import partition_of
from monitor.domain.events import EventType
from monitor.domain.project import parse_project
from monitor.domain.quiet import longest_hold
from monitor.domain.routing import ABOUT_VERSIONS, HIGHEST
from monitor.domain.severity import Severity
from monitor.domain.status import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config.document import Document
    from monitor.config.model import Config
    from monitor.config.section import KeyPath
    from monitor.config.sinks import Sink
    from monitor.domain.project import Project

DEFAULT_QUOTA: Final = 5
"""DescribeProjectVersions a second in one account and region, unless AWS raised it (quota L-12019FB0)."""

REGIONS: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-west-1", "ca-central-1", "sa-east-1"),
        *("eu-west-1", "eu-west-2", "eu-central-1", "eu-south-2", "il-central-1", "ap-south-1"),
        *("ap-southeast-1", "ap-southeast-2", "ap-southeast-5", "ap-southeast-7", "ap-northeast-1", "ap-northeast-2"),
    }
)
"""Where Rekognition is, by the AWS General Reference ("Amazon Rekognition endpoints and quotas") in 2026."""

_HOUR: Final = timedelta(hours=1)
_QUARTER: Final = timedelta(minutes=15)
_NO_TIME: Final = timedelta(0)
_A_MONDAY: Final = datetime(2026, 1, 5, tzinfo=UTC)
"""Any Monday does."""


def repetitions(document: Document) -> tuple[Problem, ...]:
    """Projects, accounts and sinks that stand in the file twice, told whatever else is wrong with it."""
    return (
        *_repeated(document, "projects", "arn", "is the same project as", "take one out"),
        *_repeated(document, "accounts", "name", "is the name of", "choose another"),
        *_repeated(document, "sinks", "name", "is the name of", "choose another"),
    )


def _repeated(document: Document, section: str, key: str, said: str, advice: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, value in _values(document.data, section, key):
        if value not in first:
            first[value] = index
            continue
        other: KeyPath = (section, first[value])
        where = f"{dotted(other)} (line {document.line((*other, key))})"
        yield Problem(path=(section, index, key), text=f"{said} {where}: {advice}")


def _values(data: Any, section: str, key: str) -> Iterator[tuple[int, str]]:
    """The texts under *key* in a list of mappings; whatever has another form is another check's business."""
    entries = data.get(section) if isinstance(data, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        value = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(value, str):
            yield index, value


def warnings(config: Config) -> tuple[Problem, ...]:
    """What is accepted and looks like a mistake."""
    projects = [parse_project(project.arn) for project in config.projects]
    return (
        *_slow_transitions(config),
        *_above_quota(config),
        *_over_budget(config),
        *_odd_regions(config, projects),
        *_same_names(projects),
        *_no_sinks(config),
        *_shared_files(config),
        *_idle_patterns(config, projects),
        *_unknown_statuses(config),
        *_untold_types(config),
        *_too_quiet(config),
        *odd_accounts(config.accounts),
        *odd_files(config.sinks),
        *open_headers(config.sinks),
    )


def _slow_transitions(config: Config) -> Iterator[Problem]:
    own = [
        (("projects", index), project)
        for index, project in enumerate(config.projects)
        if project.interval or project.transition_interval
    ]
    if config.poll.transition_interval > config.poll.interval:
        text = _slower(config.poll.transition_interval, config.poll.interval)
        yield Problem(path=("poll", "transition_interval"), text=text)
    for path, project in own:
        interval, transition = intervals(config, project)
        if transition > interval:
            key = "transition_interval" if project.transition_interval else "interval"
            yield Problem(path=(*path, key), text=_slower(transition, interval))


def _slower(transition: timedelta, interval: timedelta) -> str:
    return (
        f"the transition interval, {format_duration(transition)}, is longer than the interval, "
        f"{format_duration(interval)}: make it shorter, or changes under way are seen later than others"
    )


def _above_quota(config: Config) -> Iterator[Problem]:
    rate = config.aws.max_calls_per_second
    if rate > DEFAULT_QUOTA:
        yield Problem(
            path=("aws", "max_calls_per_second"),
            text=f"{rate:g} is above AWS's default quota of {DEFAULT_QUOTA} in an account and region, which others "
            "need too: write less, unless AWS raised it for you (L-12019FB0)",
        )


def _over_budget(config: Config) -> Iterator[Problem]:
    for group in estimate(config):
        if not group.enough:
            yield Problem(path=("aws", "max_calls_per_second"), text=_short_of(group, config.aws.max_calls_per_second))


def _short_of(group: Estimate, rate: float) -> str:
    needed = group.calls_per_hour / _HOUR.total_seconds()
    return (
        f"{rate:g} is not enough for the {group.projects} projects of {group.endpoint}, which need {needed:.3g} calls "
        f"a second: make their interval longer, or each wait becomes {needed / rate:.2g} times as long as it says"
    )


def _odd_regions(config: Config, projects: list[Project]) -> Iterator[Problem]:
    for index, project in enumerate(projects):
        path = ("projects", index, "arn")
        yield from _odd_region(project.region, path, "the ARN")
        if project.partition != partition_of(project.region):
            text = f"{project.region} is in the partition {partition_of(project.region)}, not {project.partition}"
            yield Problem(path=path, text=f"{text}: check the ARN")
    for index, account in enumerate(config.accounts):
        for position, region in enumerate(account.regions):
            yield from _odd_region(region, ("accounts", index, "regions", position), "it")


def _odd_region(region: str, path: KeyPath, what: str) -> Iterator[Problem]:
    if partition_of(region) == "aws-cn":
        yield Problem(path=path, text=f"Rekognition is not offered in the partition aws-cn: check {what}")
    elif region not in REGIONS:
        near = did_you_mean(region, sorted(REGIONS))
        yield Problem(
            path=path, text=f"{region} is not a region where Rekognition is known to be{near or ';'} check {what}"
        )


def _same_names(projects: list[Project]) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for index, project in enumerate(projects):
        other = first.setdefault((project.endpoint, project.name), index)
        if other != index:
            yield Problem(
                path=("projects", index, "arn"),
                text=f"has the account, region and name of projects[{other}], so their metrics would have the same "
                "labels and only the newer project's are shown: take the one out that was deleted",
            )


def _no_sinks(config: Config) -> Iterator[Problem]:
    if not any(sink.enabled for sink in config.sinks):
        yield Problem(path=("sinks",), text="every sink is off, so nobody is told of an event: turn one on")


def _shared_files(config: Config) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, sink in enumerate(config.sinks):
        if sink.type == "file" and sink.enabled:
            other = first.setdefault(sink.path, index)
            if other != index:
                text = f"is the file of sinks[{other}] too: events for both stand in it twice; name another"
                yield Problem(path=("sinks", index, "path"), text=text)


def _idle_patterns(config: Config, projects: list[Project]) -> Iterator[Problem]:
    if any(account.discover for account in config.accounts):
        return  # nobody knows their names yet
    for index, sink in enumerate(config.sinks):
        for position, pattern in enumerate(sink.projects):
            if not any(fnmatchcase(text, pattern) for project in projects for text in (project.name, project.arn)):
                path: KeyPath = ("sinks", index, "projects", position)
                shown = config.substituted.get(path, pattern)
                yield Problem(path=path, text=f'"{shown}" is the name or ARN of no project in this file: check it')


def _unknown_statuses(config: Config) -> Iterator[Problem]:
    for index, sink in enumerate(config.sinks):
        for place, word in _statuses(sink.statuses):
            if word not in KNOWN:
                text = f"{word} is not a status that AWS documents{did_you_mean(word, KNOWN) or ': check it'}"
                yield Problem(path=("sinks", index, "statuses", *place), text=text)


def _statuses(given: tuple[str, ...] | StatusMoves) -> Iterator[tuple[KeyPath, str]]:
    """Each status with its place in the setting, whichever form that has."""
    if not isinstance(given, StatusMoves):
        yield from (((position,), word) for position, word in enumerate(given))
        return
    for key, words in (("from", given.before), ("to", given.after)):
        yield from (((key, position), word) for position, word in enumerate(words))


def _too_quiet(config: Config) -> Iterator[Problem]:
    """Windows that hold an event for longer than it may wait: it would be given up by the first attempt that fails."""
    for index, sink in enumerate(config.sinks):
        held = longest_hold(quiet_windows(sink.quiet), _A_MONDAY, step=_QUARTER) if sink.quiet else _NO_TIME
        if held >= sink.max_age:
            text = (
                f"the windows can hold an event for {format_duration(held)}, and max_age is "
                f"{format_duration(sink.max_age)}: make max_age longer, or the windows shorter"
            )
            yield Problem(path=("sinks", index, "quiet"), text=text)


def _untold_types(config: Config) -> Iterator[Problem]:
    """Types of events that only the log is told of, where there is another sink to tell."""
    others = [sink for sink in config.sinks if sink.enabled and sink.type != "log"]
    untold = [kind for kind in EventType if not any(_tells(sink, kind) for sink in others)]
    if others and untold:
        names = ", ".join(kind.removeprefix(PREFIX) for kind in untold)
        yield Problem(
            path=("sinks",), text=f"no sink but the log is told of {names}: leave it so, or let one pass them"
        )


def _tells(sink: Sink, kind: EventType) -> bool:
    """Whether some event of this type passes the filters of *sink*."""
    return (
        (not sink.types or kind in sink.types)
        and Severity.parse(sink.min_severity) <= HIGHEST[kind]
        and (not sink.statuses or kind in ABOUT_VERSIONS)
        and (not _left(sink) or kind is EventType.VERSION_STATUS_CHANGED)
    )


def _left(sink: Sink) -> tuple[str, ...]:
    return sink.statuses.before if isinstance(sink.statuses, StatusMoves) else ()
