from __future__ import annotations

import signal
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.cli.terminal import DEADLINE, run_here, start

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = """\
projects:
  - {name: shop, versions: [{name: v1, status: STOPPED}]}
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_serves_until_a_signal_comes(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Its address is on stdout once it answers, its projects on stderr."""
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    with start("simulate", "--scenario", str(path), "--listen", "127.0.0.1:0", "--speed", "2") as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().strip())
        answered = _status_of_an_empty_call(address.hostname or "", address.port or 0)
        process.send_signal(number)
        rest, errors = process.communicate(timeout=DEADLINE)
    arn = "arn:aws:rekognition:us-east-1:111122223333:project/shop/1767225600000"
    told = f"{path} at 2 times the speed of the world, with these projects:\n  {arn}\n"
    assert (answered, process.returncode, rest, errors) == (400, code, "", told)


def _status_of_an_empty_call(host: str, port: int) -> int:
    connection = HTTPConnection(host, port, timeout=DEADLINE)
    try:
        connection.request("POST", "/", body=b"{}")
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_unknown_scenario_is_refused() -> None:
    """Those that are shipped are named."""
    ran = run_here("simulate", "--scenario", "life", "--listen", "127.0.0.1:0")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "no scenario named 'life' is shipped; there are: bad-day, life-of-everything, quiet-fleet\n",
    )


def test_an_address_that_is_none_is_wrong_use() -> None:
    """With what to write instead."""
    ran = run_here("simulate", "--listen", "4566")
    assert (ran.code, "'4566' is not HOST:PORT" in ran.err) == (2, True)


@pytest.mark.parametrize("speed", ["0", "nan", "inf", "1e308"])
def test_a_speed_at_which_nothing_can_be_played_is_wrong_use(speed: str) -> None:
    """What repeats itself would never let the program come to anything else."""
    ran = run_here("simulate", "--listen", "127.0.0.1:0", "--speed", speed)
    assert (ran.code, "is not from 0.001 to 100,000" in ran.err) == (2, True)
