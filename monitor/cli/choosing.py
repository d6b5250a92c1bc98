"""The options that choose among the fleet, the same for every command that has them."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.domain.choice import Choice
    from monitor.domain.project import Project

MOST_NAMES: Final = 20
"""Names of projects that help with the spelling; a fleet has thousands."""


def _several(*names: str, metavar: str, about: str) -> Callable[[Any], Any]:
    return click.option(*names, metavar=metavar, multiple=True, help=about)


_OPTIONS: Final[Sequence[Callable[[Any], Any]]] = (
    _several("--project", metavar="NAME", about="Projects of this name or ARN; *, ? and [] are wildcards."),
    _several("--version", "versions", metavar="NAME", about="Versions of this name or ARN, in the same way."),
    _several("--account", metavar="ID", about="This account: its 12 digits, or its name in the configuration."),
    _several("--region", metavar="REGION", about="This region."),
    _several("--label", metavar="NAME=VALUE", about="Projects with this label of the configuration, and every other."),
)
"""Each may be given several times."""


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--project`, `--version`, `--account`, `--region` and `--label`, given to *command* as `choice`."""

    @wraps(command)
    def chosen(
        *args: Any,
        project: tuple[str, ...],
        versions: tuple[str, ...],
        account: tuple[str, ...],
        region: tuple[str, ...],
        label: tuple[str, ...],
        **rest: Any,
    ) -> Any:
        from monitor.domain.choice import Choice

        labels = dict(_label(each) for each in label)
        choice = Choice(projects=project, versions=versions, accounts=account, regions=region, labels=labels)
        return command(*args, choice=choice, **rest)

    for option in reversed(_OPTIONS):
        chosen = option(chosen)
    return chosen


def choose(projects: Sequence[Project], choice: Choice) -> list[Project]:
    """The *projects* that may be wanted. Raises UsageError when there is none: a pattern is misspelt, most likely."""
    chosen = [project for project in projects if choice.wants_project(project)]
    if not chosen:
        raise UsageError(f"no project of the configuration {_asked(choice)}; there are: {_names(projects)}")
    return chosen


def account_ids(choice: Choice, projects: Sequence[Project]) -> tuple[str, ...]:
    """The accounts of *choice* by their ids alone."""
    named = {project.account_id for project in projects if project.account in choice.accounts}
    return (*(each for each in choice.accounts if each.isdigit()), *sorted(named - set(choice.accounts)))


def _label(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is no label; write NAME=VALUE", param_hint="--label")
    return name, value


def _asked(choice: Choice) -> str:
    if choice.projects and not (choice.accounts or choice.regions or choice.labels):
        return f"is called {' or '.join(map(repr, choice.projects))}"
    return "is in that account and region, with those labels and that name"


def _names(projects: Sequence[Project]) -> str:
    names = sorted({project.name for project in projects})
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
