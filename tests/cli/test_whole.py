from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from monitor.store import StateLock
from monitor.view import ProjectState
from tests.builders import at, project, version, version_arn
from tests.cli.state import OTHER_ARN, STOPPED, open_store, write_config
from tests.cli.terminal import Ran, run_here, run_process
from tests.store.commits import poll

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.store import Store

NOW: Final = at(60)
GAPS: Final = re.compile(r"^\(not seen\) [. ]+$", re.MULTILINE)
WHOLE: Final = """\
v1  RUNNING  for 1h, since 2026-11-21T18:00:00Z
FIELD                  VALUE
project                getting-started (us-east-1, 111122223333)
arn                    arn:aws:rekognition:us-east-1:111122223333:project/getting-started/version/v1/1690556751958
name                   v1
status                 RUNNING
min_inference_units    1
version_description    the\\nbest
status_since           2026-11-21T18:00:00Z
status_since_at_least  false
console_url            https://us-east-1.console.aws.amazon.com/rekognition/custom-labels?region=us-east-1#/projects

2026-11-20T19:00:00Z to 2026-11-21T19:00:00Z
STOPPED                   ████████████████████████████████████████████████████████████████            ████████████
RUNNING                                                                                                           ████
STARTING                                                                                                          »
(not seen)            ░░░░                                                                ░░░░░░░░░░░░
                      19:00       22:00       01:00       04:00       07:00       10:00       13:00       16:00
» passed through between two polls

2026-11-21T18:00:00Z  info      getting-started / v1: STOPPED -> RUNNING

SINK  DELIVERY  TRIES  AGE  EVENT                                 ERROR
log   pending       0   1h  0f568906-7a7d-5b1a-943d-12e366633346  -
"""
"""What is known of `config`'s version at `NOW`."""


def _look(store: Store, *hours: float) -> None:
    """Polls at these hours from `NOW` on that found nothing new."""
    for hour in hours:
        state = ProjectState(project=project(), last_success=at(60 + 60 * hour), interval=timedelta(hours=1), polls=1)
        store.watches.published(state)
        store.save_seen()


@pytest.fixture
def config(tmp_path: Path) -> str:
    """Of a version that was STOPPED for most of a day, and then RUNNING; for hours nobody looked."""
    with open_store(tmp_path) as store:
        poll(store, version("v1", "STOPPED"), at=at(-22 * 60))
        _look(store, -23, -21, -19, -17, -15, -13, -11, -9, -7, -4, -2, -1, 0)
        poll(store, version("v1", "RUNNING", version_description="the\nbest", min_inference_units=1), at=at(0))
    return str(write_config(tmp_path))


def test_a_version_is_told_whole(config: str) -> None:
    """Its fields, its timeline with what was not seen and what was skipped, its events and their deliveries."""
    expected = Ran(code=0, out=WHOLE, err=STOPPED.format(age="1h"))
    assert expected == run_here("status", "v1", "--config", config, now=NOW)


def test_a_locale_without_blocks_gets_plain_signs(config: str) -> None:
    """The timeline can be read all the same."""
    ran = run_process("status", version_arn("v1"), "--config", config, env={"PYTHONIOENCODING": "iso8859-1"})
    assert (ran.code, "\\u" in ran.out, bool(GAPS.search(ran.out))) == (0, False, True)


def test_machines_get_all_of_it(config: str) -> None:
    """As events carry it; the window is as long as was asked for."""
    ran = run_here("status", version_arn("v1"), "--config", config, "--window", "7d", "--output", "json", now=NOW)
    told = json.loads(ran.out)
    delivery, event = told["deliveries"][0], told["events"][0]
    assert (told["monitor"]["running"], told["project"]["name"], told["version"]["name"], told["gone"]) == (
        False,
        "getting-started",
        "v1",
        False,
    )
    assert (delivery["event_id"], delivery["state"], delivery["settled_at"]) == (event["id"], "pending", None)
    assert told["timeline"] == {
        "since": "2026-11-14T19:00:00Z",
        "until": "2026-11-21T19:00:00Z",
        "spans": [
            {"status": None, "start": "2026-11-14T19:00:00Z", "end": "2026-11-20T20:00:00Z"},
            {"status": "STOPPED", "start": "2026-11-20T20:00:00Z", "end": "2026-11-21T12:00:00Z"},
            {"status": None, "start": "2026-11-21T12:00:00Z", "end": "2026-11-21T15:00:00Z"},
            {"status": "STOPPED", "start": "2026-11-21T15:00:00Z", "end": "2026-11-21T18:00:00Z"},
            {"status": "RUNNING", "start": "2026-11-21T18:00:00Z", "end": "2026-11-21T19:00:00Z"},
        ],
        "moves": [
            {"at": "2026-11-21T18:00:00Z", "from": "STOPPED", "to": "RUNNING", "move": "skipped", "via": ["STARTING"]}
        ],
    }


def test_one_that_is_gone_is_told_from_the_history(tmp_path: Path, config: str) -> None:
    """What was last known of it."""
    with open_store(tmp_path) as store:
        for minute in (61, 62):
            poll(store, version("v2", "RUNNING"), at=at(minute))
    ran = run_here("status", "v1", "--config", config, now=at(63))
    lines = ran.out.splitlines()
    assert (lines[0], lines[5]) == ("v1  gone, last RUNNING", "status               RUNNING")
    assert "2026-11-21T19:02:00Z  critical  getting-started / v1: disappeared, last RUNNING" in lines


def test_a_daemon_that_runs_has_looked_until_now(tmp_path: Path, config: str) -> None:
    """Though it writes that down once a minute."""
    lock = StateLock(f"sqlite:///{tmp_path}/state.db")
    lock.acquire()
    ran = run_here("status", "v1", "--config", config, "--output", "json", now=at(66))
    lock.release()
    assert json.loads(ran.out)["timeline"]["spans"][-1] == {
        "status": "RUNNING",
        "start": "2026-11-21T18:00:00Z",
        "end": "2026-11-21T19:06:00Z",
    }


def test_a_name_may_mean_none_or_several(tmp_path: Path, config: str) -> None:
    """The names that are alike help with the spelling, ARNs where one name is used twice."""
    other = version_arn("v1", of=OTHER_ARN)
    with open_store(tmp_path) as store:
        poll(store, version(arn=other), of=project(OTHER_ARN))
    refused = [
        run_here("status", name, "--config", config, *more) for name, more in (("v1", ()), ("vv1", ()), ("night", ()))
    ]
    refused.append(run_here("status", other, "--config", config, "--output", "csv"))
    assert [(ran.code, ran.out, ran.err.partition(": ")[2]) for ran in refused] == [
        (2, "", f"several versions are called 'v1'; name one by its ARN: {version_arn('v1')}, {other}\n"),
        (2, "", "no version is called 'vv1'; there are: v1\n"),
        (2, "", "no version is called 'night'; `status` without one shows all\n"),
        (2, "", "one version is no sheet; take --output json, or --version NAME instead of NAME\n"),
    ]
