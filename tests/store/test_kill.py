"""`kill -9` in the middle of commits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from monitor.store import Store
from tests.builders import project_arn, version_arn
from tests.store.commits import clock, url_of

ROOT = Path(__file__).parents[2]
KILLS = 5
PROJECTS = [project_arn(f"p{number}") for number in range(3)]

WRITER = """
import sys
from itertools import cycle
from monitor.store import Store
from tests.builders import at, project, version, version_arn
from tests.store.commits import clock, poll

store = Store.open(sys.argv[1], clock=clock)
words = cycle(["STOPPED", "STARTING", "RUNNING", "STOPPING"])
for number, word in enumerate(words):
    for arn in sys.argv[2:]:
        poll(store, version(arn=version_arn("v1", of=arn), status=word), at=at(number), of=project(arn))
    print(number, flush=True)
"""


def test_whenever_it_is_killed_snapshot_events_deliveries_and_counters_agree(path: Path) -> None:
    """A commit is there whole or not at all, and what was reported as committed is there."""
    for kill in range(KILLS):
        reported = _write_until_killed(path, rounds=3 + kill)
        store = Store.open(url_of(path), clock=clock)
        for arn in PROJECTS:
            _check(store, arn)
        assert reported <= len(store.events(limit=10_000))
        store.close()


def _write_until_killed(path: Path, *, rounds: int) -> int:
    """Let a process commit until it has reported so many *rounds*, kill it there; the events that it surely stored."""
    command = [sys.executable, "-c", WRITER, url_of(path), *PROJECTS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(rounds + 1)]
        writer.kill()  # it is in the next round by now, somewhere
        lines += writer.stdout.readlines()
    numbers = [line for line in lines if line.strip().isdigit()]
    return (len(numbers) - 1) * len(PROJECTS)


def _check(store: Store, arn: str) -> None:
    """The version's sequence, its events, their deliveries and the counters all tell of the same moves."""
    snapshot = store.snapshot(arn)
    assert snapshot is not None
    tracked = snapshot.versions[version_arn("v1", of=arn)]
    documents = [json.loads(message.document) for message in store.events(project=arn, limit=10_000)]
    moves = [(each["data"]["from"], each["data"]["to"]) for each in documents]
    waiting = [each for each in store.outbox(limit=100_000) if each.message.source == arn]
    assert [str(number) for number in range(1, tracked.sequence + 1)] == [each["sequence"] for each in documents]
    assert (tracked.version.status.word, Counter(moves)) == (moves[-1][1], store.transitions(arn))
    assert [each["id"] for each in documents] == [each.message.id for each in waiting]
    assert [before for before, _ in moves[1:]] == [after for _, after in moves[:-1]]
