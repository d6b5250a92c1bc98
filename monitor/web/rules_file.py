"""The rules of the moment: read again when the files that they come from change."""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import structlog

from monitor.config.web_loading import files_of, load_web
from monitor.errors import ConfigError
from monitor.web.rules import Rules

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from monitor.config.web import Web
    from monitor.config.web_loading import LoadedWeb


log = structlog.get_logger(__name__)

Signature = tuple[tuple[int, int, int] | None, ...]
"""What tells that one of the files is another: inode, size and time of change of each, None for one that is missing."""

_NAMES: Final = frozenset({"DNS", "IP Address", "email", "URI"})
"""Kinds of a certificate's subject alternative names, by OpenSSL's words, that a client may be allowed by."""


class RulesFile:
    """Holds the rules. Changed by one thread at a time, read by any."""

    def __init__(
        self,
        rules: Rules,
        environ: Mapping[str, str],
        told: Callable[[bool], None] = lambda _: None,
    ) -> None:
        """*rules* without what the file says, which is read now.

        Args:
            rules: What is known already.
            environ: Where `${NAME}` in the file is taken from.
            told: Called with whether the file was taken whenever it was read again.

        Raises:
            ConfigError: The file, or one that it names, is of no use.
        """
        self._path = Path(rules.web.config_file) if rules.web.config_file is not None else None
        self._environ = environ
        self._told = told
        self._seen: Signature = ()
        self._read: Signature = ()
        self._refused: tuple[str, ...] = ()
        self.rules = rules
        if self._path is not None:
            self.rules = replace(rules, loaded=load_web(self._path, environ))
            self._read = self._seen = self._signature()

    @classmethod
    def without(cls) -> Self:
        """No file, and the rules that hold without settings."""
        return cls(Rules(), {})

    def configure(self, web: Web) -> None:
        """Take other settings; the name of the file stays."""
        self.rules = replace(self.rules, web=web)

    def look(self) -> None:
        """Read the files again if one has changed, and none since the last look: the second may come a moment later.

        Files that are no use leave everything as it was, are told once, and are tried at each look from then on.
        """
        if self._path is None:
            return
        before, self._seen = self._seen, self._signature()
        changing, changed = self._seen != before, self._seen != self._read
        if changing or not (changed or self._refused):
            return
        self._read = self._seen
        try:
            self._take(load_web(self._path, self._environ))
        except ConfigError as error:
            self._refuse(error.problems)

    def admits(self, transport: asyncio.BaseTransport) -> bool:
        """Whether the client's certificate, where names are asked for, is for one of them."""
        names = self.rules.client_names
        encrypted = transport.get_extra_info("ssl_object")
        if not names or not isinstance(encrypted, ssl.SSLObject):
            return not names
        certificate = encrypted.getpeercert() or {}
        given: tuple[tuple[str, str], ...] = certificate.get("subjectAltName", ())  # type: ignore[assignment]
        return any(kind in _NAMES and name in names for kind, name in given)

    def _refuse(self, problems: tuple[str, ...]) -> None:
        if problems != self._refused:
            log.error("web_file.refused", problems=problems)
            self._told(False)  # noqa: FBT003 - whether it was taken
        self._refused = problems

    def _take(self, loaded: LoadedWeb) -> None:
        self.rules = replace(self.rules, loaded=loaded)
        self._refused = ()
        self._read = self._seen = self._signature()
        log.info("web_file.reloaded", users=len(self.rules.users), tls=self.rules.tls is not None)
        if self.rules.open:
            tell_of_strangers(self.rules)
        self._told(True)  # noqa: FBT003 - whether it was taken

    def _signature(self) -> Signature:
        assert self._path is not None
        return tuple(_signature_of(name) for name in files_of(self._path, self.rules.loaded))


def tell_of_strangers(rules: Rules) -> None:
    """Warn in the log that everybody can ask."""
    log.warning(
        "strangers.admitted",
        listen=rules.web.listen,
        advice="everybody who reaches this address sees everything: name a web.config_file with basic_auth_users or "
        "client certificates, or listen on 127.0.0.1",
    )


def _signature_of(name: str) -> tuple[int, int, int] | None:
    with suppress(OSError):
        found = Path(name).stat()
        return found.st_ino, found.st_size, found.st_mtime_ns
    return None
