"""The accounts of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.account import Account, Discovery

if TYPE_CHECKING:
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


def _discovery(given: settings.Discover) -> Discovery:
    return Discovery(
        include=given.include,
        exclude=given.exclude,
        features=given.features,
        every=given.every,
        tags=dict(given.tags),
    )
