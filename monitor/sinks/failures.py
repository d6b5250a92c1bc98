"""Why no answer came, in a word and with what to do: urllib3's exceptions as DeliveryErrors. Pure."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING, Final

from urllib3 import exceptions as urllib3

from monitor.domain.text import visible
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST: Final = 200
"""Characters of what a library or the network said."""

_CERTIFICATES: Final[Mapping[int, str]] = {
    9: "the certificate is not valid yet; check the clocks of both machines",
    10: "the certificate has expired; it must be renewed there",
    18: "the certificate is self-signed; put it, or better the CA that should sign it, into ca_file",
    19: "the certificate's CA is not known here; put the CA's certificate into ca_file",
    20: "the certificate's CA is not known here; put the CA's certificate into ca_file, or have the intermediate "
    "certificates sent there",
    62: "the certificate is for another host name; correct the URL, or the certificate there",
    64: "the certificate is for another IP address; use the name in the URL, or correct the certificate there",
}
"""By OpenSSL's number for what is wrong (openssl-verification-options(1), X509_V_ERR_…)."""


def explain(error: Exception, where: str) -> DeliveryError:
    """What kept *where* from answering. Every such failure may pass, so none is permanent."""
    for kind, tell in _TELLERS.items():
        if isinstance(error, kind):
            reason, said = tell(error)
            return DeliveryError(f"{where}: {said}", reason=reason)
    return DeliveryError(f"{where}: {_words(error)}", reason="response_malformed")


def timed_out(where: str, seconds: float) -> DeliveryError:
    """It took longer than the whole of an attempt may take."""
    return DeliveryError(f"{where}: no whole answer within {seconds:g} s", reason="timed_out")


def _unresolved(error: Exception) -> tuple[str, str]:
    cause = error.__cause__
    told = cause.strerror if isinstance(cause, OSError) and cause.strerror else "no such name"
    return "host_unknown", f"its name cannot be resolved: {told}; check the name and this machine's resolver"


def _unconnected(error: Exception) -> tuple[str, str]:
    told = _system(error.__cause__) or _words(error)
    return "connection_refused", f"cannot be connected to: {told}; check the address, the port and the firewall"


def _proxied(error: Exception) -> tuple[str, str]:
    original = getattr(error, "original_error", None)
    cause = getattr(original, "__cause__", None) or original
    return "proxy_failed", f"the proxy does not let us through: {_system(cause) or _words(original or error)}"


def _secured(error: Exception) -> tuple[str, str]:
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        told = _CERTIFICATES.get(cause.verify_code)
        return "tls_failed", told or f"the certificate is refused: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError) and cause.reason:
        return "tls_failed", f"no TLS connection: {cause.reason.replace('_', ' ').lower()}; {_TLS_HINT}"
    return "tls_failed", f"no TLS connection: {_words(cause)}; {_TLS_HINT}"


_TLS_HINT: Final = "is this an https address, and does it speak TLS 1.2 or later?"


def _late(_error: Exception) -> tuple[str, str]:
    return "timed_out", "does not answer in time while it is connected to"


def _late_connection(_error: Exception) -> tuple[str, str]:
    return "timed_out", "cannot be connected to in time; check the address, the port and the firewall"


def _broken(error: Exception) -> tuple[str, str]:
    cause = error.args[1] if len(error.args) > 1 else error
    if isinstance(cause, ConnectionError | ssl.SSLError):  # http.client.RemoteDisconnected is a ConnectionError
        return "connection_reset", f"the connection ended before the answer: {_system(cause) or _words(cause)}"
    if isinstance(cause, http.client.HTTPException):
        return "response_malformed", f"the answer is not HTTP: {_words(cause)}"
    return "connection_reset", f"the connection broke: {_system(cause) or _words(cause)}"


_TELLERS: Final = {
    urllib3.NameResolutionError: _unresolved,
    urllib3.LocationParseError: _unresolved,
    urllib3.NewConnectionError: _unconnected,
    urllib3.ConnectTimeoutError: _late_connection,
    urllib3.TimeoutError: _late,
    urllib3.ProxyError: _proxied,
    urllib3.SSLError: _secured,
    urllib3.ProtocolError: _broken,
    OSError: _broken,
}
"""The nearer kinds before the wider ones."""

REASONS: Final = (
    "host_unknown",
    "connection_refused",
    "connection_reset",
    "timed_out",
    "tls_failed",
    "proxy_failed",
    "response_malformed",
)


def _system(error: object) -> str:
    """What the operating system says, without its number."""
    return visible(error.strerror) if isinstance(error, OSError) and error.strerror else ""


def _words(error: object) -> str:
    text = visible(str(error)) or type(error).__name__
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
