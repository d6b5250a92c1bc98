from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import bcrypt
import httpx
import pytest
from structlog.testing import capture_logs

from monitor.errors import ConfigError
from monitor.service.service import Service
from tests.service.rig import DEADLINE, A, Files, get, load, make_config, metrics, running, set_status, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.simulator import Simulator

USERS = {"alice": bcrypt.hashpw(b"wonderland", bcrypt.gensalt(4)).decode()}
SUCCESS = "rekognition_monitor_config_last_reload_successful "


def closed(directory: Path, **sections: Any) -> dict[str, str]:
    """The settings of a web side that goes by a file with these sections."""
    path = directory / "web.yaml"
    path.write_text(json.dumps(sections))
    return {"listen": "127.0.0.1:0", "config_file": str(path)}


def test_the_web_file_is_gone_by_and_its_changes_show(simulator: Simulator, tmp_path: Path) -> None:
    """A broken one leaves the passwords, and turns the gauge of reloads to 0 until it is right again."""
    web = closed(tmp_path, basic_auth_users=USERS)

    def shown(service: Service) -> str:
        return httpx.get(f"{service.url}/metrics", auth=("alice", "wonderland"), timeout=30).text

    with running(make_config(tmp_path, simulator.url, A, web=web)) as service:
        stranger = get(service, "/metrics")[0]
        before = f"{SUCCESS}1.0\n" in shown(service)
        closed(tmp_path, basic_auth_user=USERS)
        wait_until(lambda: f"{SUCCESS}0.0\n" in shown(service))
        closed(tmp_path)
        wait_until(lambda: get(service, "/-/ready")[0] != 401)
        after = metrics(service, SUCCESS)
    assert (401, True, [f"{SUCCESS}1.0"]) == (stranger, before, after)


def test_a_stream_goes_on_across_a_change_of_the_rules(simulator: Simulator, tmp_path: Path) -> None:
    """Whoever was let in stays, also where strangers are not let in any more."""
    web, often = closed(tmp_path), {"interval": "1s", "transition_interval": "1s", "jitter": 0}
    with running(make_config(tmp_path, simulator.url, A, web=web, poll=often)) as service:
        wait_until(lambda: get(service, "/-/ready")[0] == 200)
        told = _told_after_a_change(service, simulator, tmp_path)
    assert "a / v1: RUNNING -> STOPPING" == json.loads(told.removeprefix("data: "))["data"]["summary"]


def _told_after_a_change(service: Service, simulator: Simulator, directory: Path) -> str:
    """The first event that comes through a stream once its listener would not be let in any more."""
    with httpx.stream("GET", f"{service.url}/api/v1/events?stream=true", timeout=DEADLINE) as answer:
        lines = answer.iter_lines()
        assert "retry: 2000" == next(lines)
        closed(directory, basic_auth_users=USERS)
        wait_until(lambda: get(service, "/metrics")[0] == 401)
        set_status(simulator, A, "STOPPING")
        return next(line for line in lines if line.startswith("data: "))


def test_a_web_file_of_no_use_starts_nothing(simulator: Simulator, tmp_path: Path) -> None:
    """The address is free again, and so is the database."""
    web = closed(tmp_path, tls_server_config={"cert_file": "none.pem", "key_file": "none.pem"})
    config = make_config(tmp_path, simulator.url, A, web=web)
    with pytest.raises(ConfigError, match=r"web\.yaml:1: tls_server_config\.cert_file: .*cannot be read"):
        Service(config)
    closed(tmp_path)
    with running(config) as service:
        assert 200 == get(service, "/metrics")[0]


def test_an_open_address_is_told_at_the_start(simulator: Simulator, tmp_path: Path) -> None:
    """Whatever gave it, and nobody may change anything there."""
    config = make_config(tmp_path, simulator.url, A, web={"listen": "0.0.0.0:0"})
    with capture_logs() as entries, running(config) as service:
        refused = httpx.post(f"{service.url}/-/reload", timeout=30).status_code
    assert ([("strangers.admitted", "0.0.0.0:0")], 403) == (
        [(each["event"], each["listen"]) for each in entries if each["event"] == "strangers.admitted"],
        refused,
    )


def test_a_reload_changes_what_is_allowed(simulator: Simulator, tmp_path: Path) -> None:
    """The address and the name of the file are fixed; the rest is not."""
    files = Files(load(tmp_path, simulator.url, A))
    with running(files().config, load=files) as service:
        files.found = load(tmp_path, simulator.url, A, web={"listen": "127.0.0.1:0", "allow_changes": False})
        codes = [httpx.post(f"{service.url}/-/reload", timeout=30).status_code for _ in range(2)]
        files.found = load(tmp_path, simulator.url, A, web=closed(tmp_path))
        refused = service.reload()
    assert ([200, 403], ("web.config_file: cannot change while the monitor runs; restart it",)) == (codes, refused)
