"""What looks like a mistake in `accounts`, and is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.config.problems import Problem
from monitor.config.secret_files import doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config.accounts import Account

_FILES: Final = ("external_id_file", "web_identity_token_file")


def odd_accounts(accounts: tuple[Account, ...]) -> Iterator[Problem]:
    """Files that are not there or open to all, and accounts in which the same projects are looked for twice."""
    for index, account in enumerate(accounts):
        for setting in _FILES:
            path = getattr(account, setting)
            text = doubt(path, secret=True) if path else None
            if text:
                yield Problem(path=("accounts", index, setting), text=text)
    yield from _twice(accounts)


def _twice(accounts: tuple[Account, ...]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], int] = {}
    for index, account in enumerate(accounts):
        if account.discover is None:
            continue
        for position, region in enumerate(account.regions):
            key = (_whose(account), region)
            other = first.setdefault(key, index)
            if other != index:
                yield Problem(
                    path=("accounts", index, "regions", position),
                    text=f"accounts[{other}] discovers with the same credentials in {region}: each project is watched "
                    "once, by the settings of the first; take the region out of one of them",
                )


def _whose(account: Account) -> object:
    """What two entries that are the same account have in common, as far as the file says."""
    return account.role_arn.split(":")[4] if account.role_arn else account.profile
