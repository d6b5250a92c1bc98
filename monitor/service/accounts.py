"""The accounts of a configuration."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.aws.settings import AccountSettings
from monitor.domain.account import Account, Discovery
from monitor.domain.project import parse_project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.config import model as settings
    from monitor.config.model import Config


def accounts_of(config: Config) -> tuple[Account, ...]:
    """The entries of `accounts`, in the order of the file."""
    return tuple(account_of(each) for each in config.accounts)


def account_of(given: settings.Account) -> Account:
    """One entry of `accounts`."""
    return Account(
        name=given.name,
        account_id=given.role_arn.split(":")[4] if given.role_arn else "",
        regions=tuple(dict.fromkeys(given.regions)),
        discovery=_discovery(given.discover) if given.discover else None,
    )


def account_settings(config: Config) -> tuple[AccountSettings, ...]:
    """As whom each entry of `accounts` is asked."""
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for project in config.projects:
        if project.account is not None:
            listed[project.account].append(parse_project(project.arn).region)
    return tuple(_settings(each, config, (*each.regions, *listed[each.name])) for each in config.accounts)


def own_regions(config: Config) -> tuple[str, ...]:
    """The regions of the projects that are asked with the process's own credentials."""
    own = (parse_project(project.arn).region for project in config.projects if project.account is None)
    return tuple(dict.fromkeys(own))


def _settings(given: settings.Account, config: Config, regions: Iterable[str]) -> AccountSettings:
    return AccountSettings(
        name=given.name,
        profile=given.profile or given.source_profile or config.aws.profile,
        role_arn=given.role_arn,
        external_id_file=given.external_id_file,
        web_identity_token_file=given.web_identity_token_file,
        session_name=given.session_name,
        duration=given.duration,
        regions=tuple(dict.fromkeys(regions)),
        fips=config.aws.fips if given.fips is None else given.fips,
        dual_stack=config.aws.dual_stack if given.dual_stack is None else given.dual_stack,
    )


def _discovery(given: settings.Discover) -> Discovery:
    return Discovery(
        include=given.include,
        exclude=given.exclude,
        features=given.features,
        every=given.every,
        tags=dict(given.tags),
    )
