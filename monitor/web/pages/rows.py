"""One version as the fleet's table, the cards and its own page show it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s
from typing import TYPE_CHECKING

from monitor.domain.console import console_url
from monitor.web.pages.entries import training_seconds
from monitor.web.pages.links import version_link
from monitor.web.pages.moments import Moment, duration, moment
from monitor.web.pages.tones import tone

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from monitor.domain.project import Project
    from monitor.domain.snapshot import Tracked
    from monitor.domain.version import Version
    from monitor.view import ProjectState
    from monitor.web.pages.entries import Entry
    from monitor.web.pages.strips import Strip


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMark:
    """A status word with its colour."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference of F1 scores, and whether it is for the better."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version.

    Attributes:
        key: Names the row in the page, the same as long as the version lives.
        trained: How long the training took; *billed*, what of it was charged.
        hint: The one line that says most besides the status.
    """

    key: str
    arn: str
    name: str
    link: str
    project: str
    place: str
    status: StatusMark
    since: Moment
    at_least: bool
    units: str
    f1: str
    f1_change: Change | None
    trained: str
    billed: str
    hint: str
    message: str
    description: str
    feature: str
    base_model: str
    copied_from: str
    copied_link: str
    console_url: str | None
    strip: Strip | None


def make_row(
    entry: Entry, tracked: Tracked, now: datetime, *, strip: Strip | None = None, known: Container[str] = ()
) -> VersionRow:
    """The row of a version; *known* holds the ARNs of those that have a page of their own."""
    version, project = tracked.version, entry.state.project
    source = version.source_project_version_arn
    return VersionRow(
        key=key_of(version.arn),
        arn=version.arn,
        name=version.name,
        link=version_link(version.arn),
        project=project.name,
        place=place_of(project),
        status=StatusMark(word=version.status.word, tone=tone(version.status)),
        since=moment(tracked.status_since, now),
        at_least=tracked.at_least,
        units=_units(version.min_inference_units, version.max_inference_units),
        f1="" if version.f1_score is None else f"{version.f1_score:.3f}",
        f1_change=_change(version.f1_score, entry.f1_before),
        trained=_seconds(training_seconds(version)),
        billed=_seconds(version.billable_training_time_in_seconds),
        hint=_hint(version),
        message=version.status_message or "",
        description=version.version_description or "",
        feature=version.feature or "",
        base_model=version.base_model_version or "",
        copied_from=source or "",
        copied_link=version_link(source) if source and source in known else "",
        console_url=console_url(project),
        strip=strip,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHead:
    """What stands above a project's versions."""

    key: str
    arn: str
    name: str
    region: str
    account: str
    labels: tuple[str, ...]
    fault: str | None
    hint: str
    failing_since: Moment | None
    last_success: Moment | None
    interval: str | None
    console_url: str | None


def make_head(state: ProjectState, now: datetime) -> ProjectHead:
    """The head of a project."""
    project, fault = state.project, state.fault
    return ProjectHead(
        key=key_of(project.arn),
        arn=project.arn,
        name=project.name,
        region=project.region,
        account=account_of(project),
        labels=tuple(f"{name}: {value}" for name, value in project.labels.items()),
        fault=f"{fault.reason}: {fault.message}" if fault else None,
        hint=fault.hint if fault else "",
        failing_since=moment(state.failing_since, now) if state.failing_since else None,
        last_success=moment(state.last_success, now) if state.last_success else None,
        interval=duration(state.interval.total_seconds()) if state.interval else None,
        console_url=console_url(project),
    )


def key_of(arn: str) -> str:
    """A short name for the thing of this ARN, fit for an `id`."""
    return "k" + blake2s(arn.encode(), digest_size=6).hexdigest()


def account_of(project: Project) -> str:
    """The account by its name in the configuration, where it has one, and its id."""
    return f"{project.account} ({project.account_id})" if project.account else project.account_id


def place_of(project: Project) -> str:
    """The account and region in one line."""
    return f"{project.region} · {account_of(project)}"


def _units(least: int | None, most: int | None) -> str:
    if least is None or most is None or least == most:
        return str(least or most or "")
    return f"{least}\N{EN DASH}{most}"


def _change(score: float | None, before: float | None) -> Change | None:
    if score is None or before is None:
        return None
    difference = round(score - before, 3)
    if difference == 0:
        return Change(text="±0", tone="same")
    text = f"{difference:+.3f}".replace("-", "\N{MINUS SIGN}")
    return Change(text=text, tone="better" if difference > 0 else "worse")


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds)


def _hint(version: Version) -> str:
    return version.status_message or version.version_description or version.feature or "Details"
