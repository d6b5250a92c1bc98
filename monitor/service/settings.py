"""From the configuration's plain values to what each room takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.aws.settings import AwsSettings
from monitor.discoverer import DiscoverySettings
from monitor.domain.cadence import Cadence
from monitor.domain.routing import Route
from monitor.poller import PollSettings
from monitor.service.accounts import account_settings, own_regions
from monitor.service.sinks import enabled_sinks
from monitor.service.terms import route_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.config.model import Config


def poll_settings(config: Config, extra_sinks: Iterable[str] = ()) -> PollSettings:
    """How to poll; every event goes to the *extra_sinks* too."""
    routes = (*map(route_of, enabled_sinks(config)), *(Route(sink=name) for name in extra_sinks))
    return PollSettings(
        cadence=Cadence(
            interval=config.poll.interval,
            transition_interval=config.poll.transition_interval,
            jitter=config.poll.jitter,
        ),
        confirm_absence=config.poll.confirm_absence,
        unreachable_after=config.poll.unreachable_after,
        routes=routes,
    )


def discovery_settings(config: Config, extra_sinks: Iterable[str] = ()) -> DiscoverySettings:
    """How to discover; by the settings of `poll`, but for how often."""
    polls = poll_settings(config, extra_sinks)
    return DiscoverySettings(
        cadence=polls.cadence,
        confirm_absence=polls.confirm_absence,
        unreachable_after=polls.unreachable_after,
        routes=polls.routes,
    )


def aws_settings(config: Config) -> AwsSettings:
    """How AWS is called."""
    return AwsSettings(
        connect_timeout=config.aws.connect_timeout,
        read_timeout=config.aws.read_timeout,
        endpoint_url=config.aws.endpoint_url,
        profile=config.aws.profile,
        workers=config.poll.workers,
        max_calls_per_second=config.aws.max_calls_per_second,
        sts_endpoint_url=config.aws.sts_endpoint_url,
        fips=config.aws.fips,
        dual_stack=config.aws.dual_stack,
        accounts=account_settings(config),
        regions=own_regions(config),
    )
