"""monitor.aws.silence"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.aws.settings import AccountSettings, AwsSettings
from monitor.aws.silence import longest_silence

DEFAULT = AwsSettings(
    connect_timeout=timedelta(seconds=5),
    read_timeout=timedelta(seconds=20),
    endpoint_url=None,
    profile=None,
    workers=8,
    max_calls_per_second=1,
)
ACCOUNTS = (AccountSettings(name="a", regions=("r1",)), AccountSettings(name="b", regions=("r1", "r2", "r3")))


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        (DEFAULT, 60 + 2 * 45 + 6 + 8),
        (replace(DEFAULT, connect_timeout=timedelta(seconds=10)), 60 + 2 * 80 + 6 + 8),
        (replace(DEFAULT, max_calls_per_second=0.1), 60 + 2 * 45 + 6 + 80),
        (replace(DEFAULT, accounts=ACCOUNTS), 60 + 3 * (2 * 45 + 6) + 8),
    ],
)
def test_the_longest_silence_is_an_outage_of_sts(settings: AwsSettings, seconds: float) -> None:
    """Both attempts in each region, each address tried or the answer waited for; and a turn of the slowest budget."""
    assert timedelta(seconds=seconds) == longest_silence(settings)
