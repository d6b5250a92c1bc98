"""The container file, held to what makes a container small, safe and well kept. No engine builds it here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from monitor.config.model import State
from monitor.config.web import Web
from tests.cli.terminal import parsed
from tests.deploy.containerfile import stages
from tests.deploy.rules import ROOT
from tests.web.serving import client_of

if TYPE_CHECKING:
    from tests.deploy.containerfile import Instruction

FILE: Final = ROOT / "deploy" / "container" / "Containerfile"
BUILD, FINAL = stages(FILE)


def of(stage: list[Instruction], name: str) -> list[Instruction]:
    """The stage's instructions of that name."""
    return [each for each in stage if each.name == name]


def only(name: str) -> Instruction:
    """The one of that name in the stage that is kept."""
    [found] = of(FINAL, name)
    return found


def test_base_images_are_of_a_version() -> None:
    """Never just the newest."""
    named = [of(stage, "FROM")[0].text.split()[0] for stage in (BUILD, FINAL)]
    assert [] == [each for each in named if each.endswith(":latest") or ":" not in each.rpartition("/")[2]]


def test_what_builds_is_not_kept() -> None:
    """Only the program and an empty directory come over, and nothing is run there: it has no shell."""
    copied = [(each.options[0], each.text) for each in of(FINAL, "COPY")]
    assert [("--from=build", "/program /program"), ("--from=build", f"/state {_state()}")] == copied
    assert [] == of(FINAL, "RUN") + of(FINAL, "ADD")


def test_what_is_installed_is_held_to_its_digests_and_compiled() -> None:
    """From the wheelhouse alone; nothing is compiled to bytecode where nothing can be written."""
    [line] = of(BUILD, "RUN")
    steps = [step.split() for step in line.text.split("&&")]
    assert ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"] == steps[0]
    assert {"--no-index", "--require-hashes", "--compile"} <= set(steps[1])
    assert "PYTHONDONTWRITEBYTECODE=1" in only("ENV").text.split()


def test_user_is_a_number_and_not_root() -> None:
    """The one that the state belongs to, and whom everything after that runs as."""
    user = only("USER").text
    order = [each.name for each in FINAL]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--chown={user}" in of(FINAL, "COPY")[1].options
    assert order.index("USER") < order.index("ENTRYPOINT")


def test_state_is_a_volume_and_the_port_is_told() -> None:
    """Those that the program has when nobody says otherwise."""
    port = Web().listen.rpartition(":")[2]
    assert (str(_state()), port) == (only("VOLUME").text, only("EXPOSE").text)
    assert f"--volume rekognition-monitor:{_state()}" in FILE.read_text("utf-8")


def test_process_one_is_the_program() -> None:
    """No shell stands between it and its signals, and it takes the options that it is given."""
    [entry, command] = only("ENTRYPOINT").words, only("CMD").words
    given = {name for name, value in parsed("run", *command[1:]).items() if value is not None}
    assert (["-m", "monitor"], "run", {"config_path", "listen"}, "SIGTERM") == (
        entry[1:],
        command[0],
        given,
        only("STOPSIGNAL").text,
    )


@pytest.mark.parametrize(("trouble", "healthy"), [(None, True), ("no progress", False)])
def test_health_is_asked_of_the_program(monkeypatch: pytest.MonkeyPatch, *, trouble: str | None, healthy: bool) -> None:
    """By a line of Python that works, without the proxy that AWS is asked through."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    _, *options = only("HEALTHCHECK").words
    port = Web().listen.rpartition(":")[2]
    with client_of(health=lambda: {"polls": trouble}) as client:
        asked = [option.replace(f":{port}/", f":{client.base_url.port}/") for option in options]
        done = subprocess.run([sys.executable, *asked], capture_output=True, check=False, timeout=60)
    assert healthy == (done.returncode == 0)


def _state() -> Path:
    return Path(State().url.removeprefix("sqlite:///")).parent
