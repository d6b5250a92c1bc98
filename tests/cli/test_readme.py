"""The commands that the README shows, tried as they stand there."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest

from monitor.domain.commit import Addressed, Commit
from monitor.domain.events import Window, status_changed
from monitor.domain.lifecycle import classify
from tests.builders import at, project, project_arn, snapshot, tracked, version, version_arn
from tests.cli.state import open_store
from tests.cli.terminal import REPOSITORY, parsed, run_here

if TYPE_CHECKING:
    from pathlib import Path

SHOP: Final = project(project_arn("shop-front"), labels={"team": "vision"})
ENDLESS: Final = {"--watch", "--follow"}
"""What goes on until somebody ends it."""


def shown() -> list[str]:
    """The lines of the README's section about the terminal."""
    text = (REPOSITORY / "README.md").read_text("utf-8")
    block = re.findall(r"^## The terminal\n+```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for line in "".join(block).splitlines() if line]


def words_of(line: str) -> list[str]:
    """The program's arguments, without what the shell makes of its output."""
    program, *words = shlex.split(line, comments=True)
    assert "rekognition-monitor" == program
    return words[: next((i for i, word in enumerate(words) if word in "|>"), None)]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose version ran, and failed a minute ago."""
    folder = tmp_path_factory.mktemp("readme")
    arn = version_arn("prod-3", of=SHOP.arn)
    versions = [
        tracked(version(arn=arn, status=word, status_message="Out of memory"), since=at(minute), sequence=minute)
        for minute, word in enumerate(("STARTING", "RUNNING", "FAILED"))
    ]
    told = [
        status_changed(
            SHOP,
            after,
            Window(after=before.status_since, by=after.status_since),
            classify(before.version.status, after.version.status),
            {},
        )
        for before, after in pairwise(versions)
    ]
    with open_store(folder) as store:
        addressed = tuple(Addressed(event=event, sinks=()) for event in told)
        store.commit(Commit(project=SHOP, at=at(2), after=snapshot(versions[-1], arn=SHOP.arn), events=addressed))
    path = folder / "monitor.yaml"
    path.write_text(
        f"state: {{url: 'sqlite:///{folder}/state.db'}}\nprojects: [{{arn: '{SHOP.arn}', labels: {{team: vision}}}}]\n"
    )
    return path


@pytest.mark.parametrize("line", shown())
def test_command_works_as_it_is_shown(config: Path, line: str) -> None:
    """It finds what happened in the shop; one that never ends at least knows its options."""
    words = words_of(line)
    if not ENDLESS.isdisjoint(words):
        assert parsed(*words)
        return
    ran = run_here(*words, env={"REKOGNITION_MONITOR_CONFIG": str(config)}, now=at(3))
    assert (0, True) == (ran.code, "prod-3" in ran.out), ran.err


def test_what_people_use_is_shown() -> None:
    """Of both commands, the options that are asked for most."""
    options = {word for line in shown() for word in words_of(line) if word.startswith("--")}
    assert {"--watch", "--output", "--text", "--status", "--follow", "--since", "--project"} <= options
