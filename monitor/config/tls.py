"""The TLS of the web side, made of the files that the web configuration file names."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final, NoReturn

from monitor.config.secret_files import read_file
from monitor.config.web_file import ALWAYS_ON, CIPHERS

if TYPE_CHECKING:
    from monitor.config.web_file import TlsServer

MAX_BYTES: Final = 4 * 1024 * 1024
"""Of a file of certificates; a Linux distribution's bundle has a quarter of a megabyte."""

_VERSIONS: Final = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_VERIFY: Final = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}


class TlsFileError(Exception):
    """A file is of no use; *key* is the setting that names it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def server_context(tls: TlsServer) -> ssl.SSLContext:
    """What new connections are encrypted with. Reads the files; raises TlsFileError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = _VERSIONS[tls.min_version]
    context.maximum_version = _VERSIONS[tls.max_version]
    context.options |= ssl.OP_NO_RENEGOTIATION  # a client could ask for one after the other
    if not tls.prefer_server_cipher_suites:
        context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_ciphers(":".join(CIPHERS[name] for name in tls.cipher_suites or CIPHERS if name not in ALWAYS_ON))
    context.set_alpn_protocols(["http/1.1"])
    _load_pair(context, tls.cert_file, tls.key_file)
    if tls.client_ca_file is not None:
        _load_authorities(context, tls.client_ca_file)
    context.verify_mode = _VERIFY[tls.client_auth_type]
    return context


def _load_pair(context: ssl.SSLContext, certificate: str, key: str) -> None:
    _expect("cert_file", certificate, "CERTIFICATE", "certificate")
    _expect("key_file", key, "PRIVATE KEY", "private key")
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except OSError as error:
        if isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH":
            raise TlsFileError("key_file", f"{key} is not the key of {certificate}: name the two that belong") from None
        why = getattr(error, "reason", None) or error.strerror
        raise TlsFileError("cert_file", f"{certificate} and its key cannot be used ({why}): write them anew") from None
    except _EncryptedError:
        raise TlsFileError(
            "key_file", f"{key} is encrypted: write it without a password, readable for us only"
        ) from None


def _load_authorities(context: ssl.SSLContext, path: str) -> None:
    text = _expect("client_ca_file", path, "CERTIFICATE", "certificate")
    try:
        context.load_verify_locations(cadata=text)
    except ssl.SSLError as error:
        raise TlsFileError("client_ca_file", f"{path} cannot be used ({error.reason}): write it anew") from None


def _expect(key: str, path: str, label: str, what: str) -> str:
    try:
        text = read_file(path, MAX_BYTES)
    except ValueError as error:
        raise TlsFileError(key, str(error)) from None
    if f"{label}-----" not in text:
        raise TlsFileError(key, f"{path} holds no {what} in PEM: name a file that does")
    return text


class _EncryptedError(Exception):
    """OpenSSL asks for the password of a key; without this it would ask on the terminal."""


def _no_password() -> NoReturn:
    raise _EncryptedError
