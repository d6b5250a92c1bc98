"""How long polls that run may send nothing to AWS although nothing is wrong with us."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.aws.pace import FLOOR, closest
from monitor.aws.settings import ATTEMPTS, LONGEST_BACKOFF

if TYPE_CHECKING:
    from monitor.aws.settings import AwsSettings

_ADDRESSES: Final = 8
"""Of one endpoint, each of which is tried for `connect_timeout`; AWS gives eight at most."""

_ROOM: Final = timedelta(minutes=1)
"""For what no setting bounds: a name server that does not answer (30 s by resolv.conf's defaults), a commit on a slow
disk."""


def longest_silence(settings: AwsSettings) -> timedelta:
    """The longest time in which, while polls run, none of them begins, sends an attempt or ends.

    The worst is an outage of STS: every poll then waits for one that asks for new credentials, both attempts in each of
    the account's regions, and at the end for a turn of the slowest budget.
    """
    attempt = max(_ADDRESSES * settings.connect_timeout, settings.connect_timeout + 2 * settings.read_timeout)
    credentials = ATTEMPTS * attempt + (ATTEMPTS - 1) * LONGEST_BACKOFF
    regions = max((len(account.regions) for account in settings.accounts), default=1)
    rate = settings.max_calls_per_second
    turn = timedelta(seconds=max(closest(rate), 1 / (rate * FLOOR)))
    return _ROOM + max(regions, 1) * credentials + turn
