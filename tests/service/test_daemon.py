"""monitor.service.daemon: the signals are real, and come to this process"""

from __future__ import annotations

import gc
import json
import os
import signal
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from monitor.errors import ConfigError, StateDamagedError
from monitor.service.daemon import Overrides, run_daemon, run_until_signal
from monitor.service.service import Service
from monitor.simulator import FaultKind
from tests.service.rig import DEADLINE, POLL, A, B, Files, asked, load, make_config, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.simulator import Simulator

ENDING = {"monitor.started", "state.damaged", "stop.requested"}
HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@pytest.fixture
def aside() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Runs something beside the main thread, which waits for signals; it is joined at the end."""
    threads: list[threading.Thread] = []

    def run(work: Callable[[], None]) -> None:
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    yield run
    for thread in threads:
        thread.join(DEADLINE)


def stored_versions(directory: Path) -> int:
    with closing(sqlite3.connect(directory / "state.db")) as connection:
        count: int = connection.execute("SELECT count(*) FROM versions").fetchone()[0]
    return count


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_with_its_code(
    simulator: Simulator,
    tmp_path: Path,
    aside: Callable[[Callable[[], None]], None],
    number: signal.Signals,
    code: int,
) -> None:
    """And the process has its own handlers again."""
    before = [signal.getsignal(each) for each in HANDLED]
    service = Service(make_config(tmp_path, simulator.url, A))

    def end() -> None:
        wait_until(lambda: asked(simulator, A) == 1)
        send(number)

    aside(end)
    with capture_logs() as entries:
        ended = run_until_signal(service)

    assert code == ended
    assert before == [signal.getsignal(each) for each in HANDLED]
    assert ["monitor.started", "stop.requested", "monitor.stopped"] == [
        each["event"] for each in entries if each["event"].startswith(("monitor.", "stop."))
    ]


def test_sighup_reloads(simulator: Simulator, tmp_path: Path, aside: Callable[[Callable[[], None]], None]) -> None:
    """Beside the polls, which go on."""
    files = Files(load(tmp_path, simulator.url, A))
    service = Service(files().config, load=files)

    def reload_and_end() -> None:
        wait_until(lambda: asked(simulator, A) == 1)
        files.found = load(tmp_path, simulator.url, A, B)
        send(signal.SIGHUP)
        wait_until(lambda: asked(simulator, B) == 1)
        send(signal.SIGTERM)

    aside(reload_and_end)
    assert 0 == run_until_signal(service)


def test_sighup_during_the_start_reloads_after_it(
    simulator: Simulator, tmp_path: Path, aside: Callable[[Callable[[], None]], None]
) -> None:
    """It would end a process that does not handle it, which systemd takes for an end that was wished."""
    path = tmp_path / "monitor.yaml"
    os.mkfifo(path)  # opened to be written as soon as it is read

    def write(*projects: str, hang_up: bool = False) -> None:
        config = load(tmp_path, simulator.url, *projects).config.model_dump(mode="json", exclude_unset=True)
        with path.open("w") as file:
            if hang_up:
                send(signal.SIGHUP)
            file.write(json.dumps(config))

    def start_and_end() -> None:
        write(A, hang_up=True)
        wait_until(lambda: asked(simulator, A) == 1)
        write(A, B)
        wait_until(lambda: asked(simulator, B) == 1)
        send(signal.SIGTERM)

    aside(start_and_end)
    assert 0 == run_daemon(path, Overrides(), {})


def test_the_command_line_overrides_the_file(
    simulator: Simulator,
    tmp_path: Path,
    aside: Callable[[Callable[[], None]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The level and the format of the log, from the first line to the last; what the file makes doubtful is told."""
    path = tmp_path / "monitor.yaml"
    config = {
        "poll": POLL,
        "aws": {"endpoint_url": simulator.url, "max_calls_per_second": 6},
        "state": {"url": f"sqlite:///{tmp_path / 'state.db'}"},
        "web": {"listen": "192.0.2.1:1"},
        "log": {"level": "error", "format": "console"},
        "projects": [{"arn": A}],
    }
    path.write_text(json.dumps(config))
    simulator.faults.add(FaultKind.ERROR, code="AccessDeniedException")

    def end() -> None:
        wait_until(lambda: asked(simulator, A) == 1)
        send(signal.SIGTERM)

    aside(end)
    code = run_daemon(path, Overrides(listen="127.0.0.1:0", log_level="warning", log_format="json"), {})
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert 0 == code
    assert [("warning", "config.doubted"), ("warning", "poll.failed")] == [
        (entry["level"], entry["event"]) for entry in logged
    ]
    assert "aws.max_calls_per_second" in logged[0]["problem"]


def test_what_a_start_makes_is_not_searched_for_garbage(
    simulator: Simulator, tmp_path: Path, aside: Callable[[Callable[[], None]], None]
) -> None:
    """The collector sets it aside, and works from then on."""
    config = make_config(tmp_path, simulator.url, A)

    def end() -> None:
        wait_until(gc.isenabled)
        send(signal.SIGTERM)

    service, before = Service(config), gc.get_freeze_count()
    gc.disable()
    aside(end)
    try:
        code, set_aside = run_until_signal(service), gc.get_freeze_count() - before
    finally:
        gc.enable()
        gc.unfreeze()
    assert (0, True) == (code, set_aside > 0)


def test_a_version_that_cannot_be_read_ends_it(simulator: Simulator, tmp_path: Path) -> None:
    """In order, and soon: what is left for after the start is read by itself, not when somebody asks."""
    config = make_config(tmp_path, simulator.url, A, poll=POLL | {"interval": "1d"})
    with running(config):
        wait_until(lambda: stored_versions(tmp_path) == 1)
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as connection:
        connection.execute("UPDATE versions SET document = '{'")
    simulator.faults.add(FaultKind.HANG)
    service = Service(config)
    with capture_logs() as entries, pytest.raises(StateDamagedError, match=r"of versions .*restore a backup"):
        run_until_signal(service)

    assert [("monitor.started", "info"), ("state.damaged", "critical"), ("stop.requested", "info")] == [
        (each["event"], each["log_level"]) for each in entries if each["event"] in ENDING
    ]


def test_a_file_that_is_refused_starts_nothing(tmp_path: Path) -> None:
    """Every problem is in the error."""
    path = tmp_path / "monitor.yaml"
    path.write_text('{"projects": [], "polls": {}}')
    with pytest.raises(ConfigError) as refused:
        run_daemon(path, Overrides(), {})

    assert 2 == len(refused.value.problems)
    assert [path] == list(tmp_path.iterdir())
