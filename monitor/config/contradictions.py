"""What one part of the configuration says against another, where only one of them can be true."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from monitor.config.problems import Problem, did_you_mean
from monitor.domain.account import partition_of
from monitor.domain.project import parse_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config.accounts import Account
    from monitor.config.aws import Aws
    from monitor.config.model import Config, Project
    from monitor.config.section import KeyPath


_BESIDE: Final = ("", "-wal", "-shm", "-journal", ".lock")
"""What ends the names of the database and of the files beside it."""


def contradictions(config: Config) -> tuple[Problem, ...]:
    """Projects of accounts that the file does not have, or that are not theirs; regions of another partition;
    addresses beside the wish for endpoints of AWS's own; and events that would be written into the database.
    """
    return (
        *_strange_accounts(config),
        *_strange_regions(config),
        *_strange_addresses(config),
        *_strange_files(config),
    )


def _strange_accounts(config: Config) -> Iterator[Problem]:
    known = {account.name: account for account in config.accounts}
    for index, project in enumerate(config.projects):
        text = _strange_account(project, known)
        if text:
            yield Problem(path=("projects", index, "account"), text=text)


def _strange_account(project: Project, known: dict[str, Account]) -> str | None:
    if project.account is None:
        return None
    if project.account not in known:
        near = did_you_mean(project.account, sorted(known)) or ": name one of them, or take this out"
        return f'"{project.account}" is the name of none of the accounts{near}'
    role = known[project.account].role_arn
    its = parse_project(project.arn)
    if role and (role.split(":")[1], role.split(":")[4]) != (its.partition, its.account_id):
        return (
            f'"{project.account}" is account {role.split(":")[4]}, by the ARN of its role, and the project is in '
            f"{its.account_id}: name the account that the project is in"
        )
    return None


def _strange_regions(config: Config) -> Iterator[Problem]:
    for index, account in enumerate(config.accounts):
        partition = account.role_arn.split(":")[1] if account.role_arn else None
        for position, region in enumerate(account.regions):
            if partition not in (None, partition_of(region)):
                yield Problem(
                    path=("accounts", index, "regions", position),
                    text=f'"{region}" is in the partition {partition_of(region)}, and the role in {partition}: '
                    "make two accounts of it, each with a role of its own",
                )


def _strange_addresses(config: Config) -> Iterator[Problem]:
    """Botocore refuses both together: which address AWS has for a kind of endpoint is not for us to say."""
    addresses = [key for key in ("endpoint_url", "sts_endpoint_url") if getattr(config.aws, key)]
    sections: list[tuple[KeyPath, Aws | Account]] = [(("aws",), config.aws)]
    sections += [(("accounts", index), account) for index, account in enumerate(config.accounts)]
    wishes: list[KeyPath] = [
        (*path, kind) for path, section in sections for kind in ("fips", "dual_stack") if getattr(section, kind)
    ]
    for path in wishes if addresses else ():
        text = f"cannot stand beside aws.{addresses[0]}, which is asked whatever this says: take one of them out"
        yield Problem(path=path, text=f"true {text}")


def _strange_files(config: Config) -> Iterator[Problem]:
    """Lines at the end of a database are its end."""
    database = os.path.realpath(config.state.url.removeprefix("sqlite:///"))
    for index, sink in enumerate(config.sinks):
        if sink.type == "file" and os.path.realpath(sink.path) in {database + end for end in _BESIDE}:
            text = f'"{sink.path}" is a file of the database of state.url, which lines in it would ruin: name another'
            yield Problem(path=("sinks", index, "path"), text=text)
