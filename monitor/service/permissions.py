"""What the credentials of a configuration have to be allowed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from monitor.config.sinks import EventBridgeSink, SnsSink
from monitor.domain.account import partition_of
from monitor.domain.policy import (
    ASSUME_ROLE,
    DESCRIBE_PROJECTS,
    DESCRIBE_VERSIONS,
    LIST_TAGS,
    Duties,
    resources_of_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.config.model import Account, Config, Discover
    from monitor.config.sinks.aws import AwsSink

OWN: Final = "the monitor's own credentials"

_Resources = defaultdict[str, defaultdict[str, list[str]]]


def duties_of(config: Config, account_ids: Mapping[str, str]) -> tuple[Duties, ...]:
    """What each role, profile, and the process itself has to be allowed, in the order of the file.

    *account_ids* are those that STS said, by the names of accounts; the ids of roles are in their ARNs.
    """
    found: _Resources = defaultdict(lambda: defaultdict(list))
    accounts = {account.name: account for account in config.accounts}
    for project in config.projects:
        holder = _holder(accounts[project.account], config) if project.account else _profile(config.aws.profile)
        found[holder][DESCRIBE_VERSIONS].append(project.arn)
    for account in config.accounts:
        _add_account(found, account, config, account_ids.get(account.name, ""))
    for sink in config.sinks:
        if sink.enabled and isinstance(sink, (SnsSink, EventBridgeSink)):
            _add_sink(found, sink)
    return tuple(Duties(holder=holder, resources=resources) for holder, resources in found.items())


def _profile(name: str | None) -> str:
    return f"profile {name}" if name else OWN


def _holder(account: Account, config: Config) -> str:
    return account.role_arn or _profile(account.profile or config.aws.profile)


def _add_account(found: _Resources, account: Account, config: Config, account_id: str) -> None:
    holder = _holder(account, config)
    if account.role_arn:
        account_id = account.role_arn.split(":")[4]
        if not account.web_identity_token_file:
            source = _profile(account.source_profile or config.aws.profile)
            found[source][ASSUME_ROLE].append(account.role_arn)
    if account.discover is not None:
        names = _discovered(account.discover, account.regions, account_id)
        found[holder][DESCRIBE_PROJECTS].append("*")
        found[holder][DESCRIBE_VERSIONS] += names
        found[holder][LIST_TAGS] += names if account.discover.tags else ()


def _discovered(discover: Discover, regions: Iterable[str], account_id: str) -> list[str]:
    return [
        resource
        for region in dict.fromkeys(regions)
        for resource in resources_of_names(
            discover.include, partition=partition_of(region), region=region, account_id=account_id
        )
    ]


def _add_sink(found: _Resources, sink: AwsSink) -> None:
    source = _profile(sink.profile)
    if sink.role_arn:
        found[source][ASSUME_ROLE].append(sink.role_arn)
    holder = sink.role_arn or source
    if isinstance(sink, SnsSink):
        found[holder]["sns:Publish"].append(sink.topic_arn)
    elif isinstance(sink, EventBridgeSink):
        found[holder]["events:PutEvents"].append(_bus(sink))


def _bus(sink: EventBridgeSink) -> str:
    if sink.bus.startswith("arn:"):
        return sink.bus
    return f"arn:{partition_of(sink.bus_region)}:events:{sink.bus_region}:*:event-bus/{sink.bus}"
