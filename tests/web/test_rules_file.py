from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from monitor.config.web import Web
from monitor.errors import ConfigError
from monitor.web.rules import Reach, Rules
from monitor.web.rules_file import RulesFile
from tests.sinks.certificates import Authority

if TYPE_CHECKING:
    from pathlib import Path

HASH = "$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze"


@dataclass
class Held:
    """A web configuration file, the rules made of it, and what was told of its changes."""

    path: Path
    reach: Reach = field(default_factory=lambda: Reach(local=True, named=True))
    told: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.write(basic_auth_users={"alice": HASH})
        web = Web(config_file=str(self.path))
        self.rules_file = RulesFile(Rules(web=web, reach=self.reach), {}, self.told.append)

    def write(self, **sections: Any) -> None:
        self.path.write_text(json.dumps(sections))

    def look(self) -> None:
        """Twice: what has just changed is read when it stays so."""
        self.rules_file.look()
        self.rules_file.look()

    @property
    def users(self) -> list[str]:
        return list(self.rules_file.rules.users)


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "web.yaml")


def test_a_change_is_taken(held: Held) -> None:
    """Once, when the file has been still for a look."""
    held.write(basic_auth_users={"bob": HASH})
    held.rules_file.look()
    at_once = held.users
    with capture_logs() as entries:
        for _ in range(3):
            held.rules_file.look()
    assert (["alice"], ["bob"], [True], ["web_file.reloaded"]) == (
        at_once,
        held.users,
        held.told,
        [entry["event"] for entry in entries],
    )


def test_a_broken_file_leaves_what_was_and_shows(held: Held) -> None:
    """It is told once, and taken when it is right again."""
    held.path.write_text("basic_auth_user: {}\n")
    with capture_logs() as entries:
        held.look()
        held.look()
    broken = held.users
    held.write(basic_auth_users={"bob": HASH})
    held.look()
    problem = f"{held.path}:1: basic_auth_user: is not a key; did you mean basic_auth_users?"
    assert (["alice"], ["bob"], [False, True]) == (broken, held.users, held.told)
    assert [{"event": "web_file.refused", "log_level": "error", "problems": (problem,)}] == entries


def test_a_file_that_is_gone_leaves_what_was(held: Held) -> None:
    """Whoever replaces it may take a moment."""
    held.path.unlink()
    held.look()
    gone = held.users
    held.write(basic_auth_users={"alice": HASH, "bob": HASH})
    held.look()
    assert (["alice"], ["alice", "bob"], [False, True]) == (gone, held.users, held.told)


def test_a_new_certificate_is_taken(tmp_path: Path) -> None:
    """Also where only the files that are named change, and the key a moment later."""
    authority = Authority.make(tmp_path)
    certificate = tmp_path / "server.pem"
    authority.issue("localhost").path.rename(certificate)
    held = Held(tmp_path / "web.yaml")
    held.write(tls_server_config={"cert_file": "server.pem", "key_file": "server.pem"})
    held.look()
    first = held.rules_file.rules.tls
    whole = authority.issue("localhost").path.read_bytes()
    certificate.write_bytes(whole[:100])
    held.look()
    half = held.rules_file.rules.tls
    certificate.write_bytes(whole)
    held.look()
    second = held.rules_file.rules.tls
    assert (True, True, [True, False, True]) == (first is half, second is not first, held.told)


def test_a_file_that_was_missing_is_found(tmp_path: Path) -> None:
    """The file names it, and it comes later: nothing else changes then."""
    held = Held(tmp_path / "web.yaml")
    held.write(tls_server_config={"cert_file": "server.pem", "key_file": "server.pem"})
    held.look()
    Authority.make(tmp_path).issue("localhost").path.rename(tmp_path / "server.pem")
    held.look()
    assert ([False, True], False) == (held.told, held.rules_file.rules.tls is None)


def test_an_address_that_becomes_open_is_told(tmp_path: Path) -> None:
    """When the passwords are taken out."""
    held = Held(tmp_path / "web.yaml", reach=Reach(local=False, named=True))
    before = held.rules_file.rules.open
    held.write()
    with capture_logs() as entries:
        held.look()
    assert (False, True, ["web_file.reloaded", "strangers.admitted"]) == (
        before,
        held.rules_file.rules.open,
        [entry["event"] for entry in entries],
    )


def test_a_file_of_no_use_is_refused_at_the_start(tmp_path: Path) -> None:
    """Nothing is served then."""
    with pytest.raises(ConfigError, match="cannot be read"):
        RulesFile(Rules(web=Web(config_file=str(tmp_path / "none.yaml"))), {})


def test_settings_change_with_the_configuration(held: Held) -> None:
    """What the file says stays."""
    held.rules_file.configure(Web(config_file=str(held.path), allow_changes=False))
    assert (False, ["alice"]) == (held.rules_file.rules.changes_allowed, held.users)
