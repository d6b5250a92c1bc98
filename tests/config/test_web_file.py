"""What the web configuration file may say; broken/web_config_file.txt has what it may not."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from monitor.config.web_file import CIPHERS
from monitor.config.web_loading import LoadedWeb, files_of, load_web
from monitor.errors import ConfigError
from tests.config.examples import SMALLEST, load
from tests.sinks.certificates import Authority

if TYPE_CHECKING:
    from pathlib import Path

HASH = "$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze"
OTHER = "$2b$12$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze"

MAKE = "make the file, readable for this user"
OPEN = (
    "monitor.yaml:3: web.listen: 0.0.0.0 is not the loopback's, and nobody has to authenticate: everybody who reaches "
    "it sees everything; name a web.config_file with basic_auth_users or client certificates, or listen on 127.0.0.1"
)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with server.pem, a certificate and its key; other.pem, another's; ca.pem."""
    directory = tmp_path_factory.mktemp("pki")
    authority = Authority.make(directory)
    for name in ("server", "other"):
        authority.issue("localhost").path.rename(directory / f"{name}.pem")
    (directory / "ca.pem").write_text(authority.pem)
    (directory / "text").write_text("no certificate\n")
    return directory


def read(directory: Path, **sections: Any) -> LoadedWeb:
    """What a file with these sections comes to, in a directory of certificates."""
    path = directory / "web.yaml"
    path.write_text(json.dumps(sections))
    return load_web(path, {"DIRECTORY": str(directory)})


def refused(directory: Path, **sections: Any) -> list[str]:
    """Why it is refused, the directory aside."""
    with pytest.raises(ConfigError) as refusal:
        read(directory, **sections)
    return [problem.replace(f"{directory}/", "") for problem in refusal.value.problems]


def test_an_empty_file_closes_nothing(tmp_path: Path) -> None:
    """As for other exporters."""
    path = tmp_path / "web.yaml"
    path.touch()
    assert LoadedWeb() == load_web(path, {})


def test_paths_begin_at_the_file(pki: Path) -> None:
    """A relative one at its directory; an absolute one, and one from the environment, stand as they are."""
    loaded = read(pki, tls_server_config={"cert_file": "server.pem", "key_file": "${DIRECTORY}/server.pem"})
    assert (str(pki / "web.yaml"), *[str(pki / "server.pem")] * 2) == files_of(pki / "web.yaml", loaded)


def test_tls_is_1_2_or_later(pki: Path) -> None:
    """With suites that encrypt and authenticate in one, and no certificate asked for."""
    tls = read(pki, tls_server_config={"cert_file": "server.pem", "key_file": "server.pem"}).tls
    assert tls is not None
    old = [each["name"] for each in tls.get_ciphers() if each["protocol"] != "TLSv1.3"]
    assert (ssl.TLSVersion.TLSv1_2, ssl.CERT_NONE, sorted(CIPHERS.values())) == (
        tls.minimum_version,
        tls.verify_mode,
        sorted(old),
    )


def test_what_can_be_chosen_is(pki: Path) -> None:
    """Versions, suites, their order, and client certificates."""
    tls = read(
        pki,
        tls_server_config={
            "cert_file": "server.pem",
            "key_file": "server.pem",
            "client_ca_file": "ca.pem",
            "client_auth_type": "VerifyClientCertIfGiven",
            "max_version": "TLS12",
            "cipher_suites": ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"],
            "prefer_server_cipher_suites": False,
        },
    ).tls
    assert tls is not None
    suites = [each["name"] for each in tls.get_ciphers() if each["protocol"] != "TLSv1.3"]
    assert (ssl.TLSVersion.TLSv1_2, ssl.CERT_OPTIONAL, ["ECDHE-ECDSA-AES256-GCM-SHA384"], 1) == (
        tls.maximum_version,
        tls.verify_mode,
        suites,
        len(tls.get_ca_certs()),
    )


@pytest.mark.parametrize(
    ("tls", "problem"),
    [
        ({"cert_file": "none.pem"}, f"cert_file: none.pem cannot be read: No such file or directory: {MAKE}"),
        ({"key_file": "none.pem"}, f"key_file: none.pem cannot be read: No such file or directory: {MAKE}"),
        ({"cert_file": "text"}, "cert_file: text holds no certificate in PEM: name a file that does"),
        ({"key_file": "ca.pem"}, "key_file: ca.pem holds no private key in PEM: name a file that does"),
        ({"key_file": "other.pem"}, "key_file: other.pem is not the key of server.pem: name the two that belong"),
        (
            {"client_ca_file": "text", "client_auth_type": "VerifyClientCertIfGiven"},
            "client_ca_file: text holds no certificate in PEM: name a file that does",
        ),
    ],
)
def test_files_of_no_use_are_refused(pki: Path, tls: dict[str, Any], problem: str) -> None:
    """With the place of the setting that names them."""
    given = {"cert_file": "server.pem", "key_file": "server.pem", **tls}
    assert [f"web.yaml:1: tls_server_config.{problem}"] == refused(pki, tls_server_config=given)


@pytest.mark.parametrize(
    ("tls", "problem"),
    [
        ({"min_version": "TLS13", "max_version": "TLS12"}, "max_version is below min_version: change one of them"),
        ({"client_ca_file": "ca.pem"}, "client_ca_file is of no use with NoClientCert: set client_auth_type"),
        (
            {"client_auth_type": "RequireAndVerifyClientCert"},
            "client_auth_type RequireAndVerifyClientCert needs client_ca_file: name the certificates",
        ),
        (
            {"client_allowed_sans": ["prometheus"]},
            "client_allowed_sans needs client_auth_type: RequireAndVerifyClientCert",
        ),
        (
            {"cipher_suites": ["TLS_AES_128_GCM_SHA256"]},
            "cipher_suites leaves none for TLS 1.2: add one, or write min_version: TLS13",
        ),
    ],
)
def test_settings_that_do_not_fit_are_refused(pki: Path, tls: dict[str, Any], problem: str) -> None:
    """They would close less than they seem to, or everything."""
    given = {"cert_file": "server.pem", "key_file": "server.pem", **tls}
    assert [f"web.yaml:1: tls_server_config: {problem}"] == refused(pki, tls_server_config=given)


def test_headers_make_nothing_laxer(tmp_path: Path) -> None:
    """Ours stay."""
    headers = {"X-Frame-Options": "sameorigin"}
    assert [
        "web.yaml:1: http_server_config.headers: X-Frame-Options is deny on every answer already: take it out"
    ] == refused(tmp_path, http_server_config={"headers": headers})


@pytest.mark.parametrize(
    ("web", "users", "expected"),
    [
        ("listen: 127.0.0.1:1", None, []),
        ("listen: localhost:1", None, []),
        ("listen: 0.0.0.0:1", None, [OPEN]),
        ("listen: 0.0.0.0:1", {}, [OPEN]),
        ("listen: 0.0.0.0:1", {"alice": HASH}, []),
    ],
)
def test_an_address_open_to_strangers_is_told(
    tmp_path: Path, web: str, users: dict[str, str] | None, expected: list[str]
) -> None:
    """Of one in the file; the daemon tells of the one that it has."""
    file = tmp_path / "web.yaml"
    file.write_text(json.dumps({"basic_auth_users": users}))
    named = "" if users is None else f", config_file: {file}"
    loaded = load(f"{SMALLEST}web: {{{web}{named}}}\n")
    assert (expected, ()) == (list(loaded.exposed), loaded.warnings)


def test_what_may_come_later_is_only_doubted(tmp_path: Path) -> None:
    """Credentials are made when the service starts. What is there is held against what it should be."""
    file = tmp_path / "web.yaml"
    before = load(f"{SMALLEST}web: {{config_file: {file}}}\n").warnings
    tls = {"cert_file": "later.pem", "key_file": "later.pem"}
    file.write_text(json.dumps({"tls_server_config": tls, "basic_auth_users": {"alice": HASH, "bob": OTHER}}))
    after = load(f"{SMALLEST}web: {{config_file: {file}}}\n").warnings
    lost = "cannot be found: No such file or directory: make it before the monitor starts"
    place = "monitor.yaml:3: web.config_file:"
    unlike = "the passwords have costs of 10 to 12: make them alike, or time tells who is a user"
    assert (
        (f"{place} {file} {lost}",),
        (
            f"{place} tls_server_config.cert_file: {tmp_path}/later.pem {lost}",
            f"{place} tls_server_config.key_file: {tmp_path}/later.pem {lost}",
            f"{place} {unlike}",
        ),
    ) == (before, after)
