"""The web configuration file, read: its settings and its TLS, or every problem that it has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from monitor.config.problems import Problem, did_you_mean
from monitor.config.secret_files import doubt
from monitor.config.settings_file import read_mapping, read_text, told
from monitor.config.tls import TlsFileError, server_context
from monitor.config.web_file import NOBODY, UNSUPPORTED, Headers, HttpServer, TlsServer, WebFile
from monitor.errors import ConfigError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from monitor.config.document import Document
    from monitor.config.section import KeyPath
    from monitor.config.web import Web

_SMALLEST: Final = "write tls_server_config, basic_auth_users or both"
_TLS: Final = "tls_server_config"
_MODELS: Final[Mapping[KeyPath, type[BaseModel]]] = {
    (): WebFile,
    (_TLS,): TlsServer,
    ("http_server_config",): HttpServer,
    ("http_server_config", "headers"): Headers,
}
_PLAIN: Final = {
    "string_type": "is not a text: put it in quotes",
    "bool_type": "is neither true nor false: write one of them",
    "bool_parsing": "is neither true nor false: write one of them",
    "tuple_type": "is not a list: write it as in [a, b]",
    "mapping_type": "is not a mapping: write keys and values, as in {key: value}",
    "model_type": "is not a mapping: write keys and values, as in {key: value}",
    "model_attributes_type": "is not a mapping: write keys and values, as in {key: value}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedWeb:
    """What the file says.

    Attributes:
        tls: What connections are encrypted with; None for plain HTTP.
    """

    file: WebFile = NOBODY
    tls: ssl.SSLContext | None = None


def load_web(path: Path, environ: Mapping[str, str]) -> LoadedWeb:
    """What the file at *path* says. Reads the files that it names too.

    Raises ConfigError with every problem, each as `FILE:LINE: key.path: what is wrong, what to do`.
    """
    document, file = _read(path, environ)
    if file.tls_server_config is None:
        return LoadedWeb(file=file)
    try:
        return LoadedWeb(file=file, tls=server_context(file.tls_server_config))
    except TlsFileError as error:
        problem = Problem(path=(_TLS, error.key), text=str(error))
        raise ConfigError(*told([problem], str(path), document)) from None


def doubts_about(web: Web, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """What looks wrong with how the web side is closed, with places in the monitor's own configuration.

    A file that is not there may be made when the service starts. Raises ConfigError for one that is there and wrong.
    """
    if web.config_file is None:
        return ()
    missing = _unreadable(web.config_file)
    if missing:
        return (Problem(path=("web", "config_file"), text=missing),)
    path = Path(web.config_file)
    file = _file_of(web, environ)
    named = file.tls_server_config.files() if file.tls_server_config else {}
    strange = [
        Problem(path=("web", "config_file"), text=f"{_TLS}.{key}: {text}")
        for key, name in named.items()
        if (text := _unreadable(name) or doubt(name, secret=key == "key_file"))
    ]
    if not any(_unreadable(name) for name in named.values()):
        load_web(path, environ)
    return (*strange, *_unlike_costs(file))


def open_to_strangers(web: Web, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """That everybody who reaches the address sees everything, if that is so. Raises ConfigError, as `doubts_about`."""
    if web.on_loopback:
        return ()
    if web.config_file is not None and (_unreadable(web.config_file) or _file_of(web, environ).authenticates):
        return ()
    text = (
        f"{web.host} is not the loopback's, and nobody has to authenticate: everybody who reaches it sees everything; "
        "name a web.config_file with basic_auth_users or client certificates, or listen on 127.0.0.1"
    )
    return (Problem(path=("web", "listen"), text=text),)


def files_of(path: Path, loaded: LoadedWeb) -> tuple[str, ...]:
    """The file itself and those that it names."""
    tls = loaded.file.tls_server_config
    return (str(path), *(tls.files().values() if tls else ()))


def _file_of(web: Web, environ: Mapping[str, str]) -> WebFile:
    assert web.config_file is not None
    return _read(Path(web.config_file), environ)[1]


def _read(path: Path, environ: Mapping[str, str]) -> tuple[Document, WebFile]:
    document = read_mapping(read_text(path) or "{}", name=str(path), environ=environ, smallest=_SMALLEST)
    found = list(document.problems)
    try:
        file = WebFile.model_validate(document.data)
    except ValidationError as error:
        known = {problem.path for problem in found}
        problems = [_explain(detail, document) for detail in error.errors(include_url=False)]
        found += [problem for problem in problems if problem.path not in known]
    if found:
        raise ConfigError(*told(found, str(path), document))
    return document, file.beside(path.parent)


def _explain(detail: ErrorDetails, document: Document) -> Problem:
    """What is wrong, without the value: most of them are secrets or near to one."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    match detail["type"]:
        case "missing":
            text = "is missing: write it"
        case "extra_forbidden":
            text = _unknown(path)
        case "value_error":
            text = str(detail["ctx"]["error"])
        case "literal_error":
            place = document.places.get(path)
            expected = str(detail["ctx"]["expected"]).replace("'", "")
            near = did_you_mean(place.written or "", expected.replace(" or ", ", ").split(", ")) if place else ""
            text = f"is none of {expected}{near}"
        case kind:
            missing = "has no value: write one, or take the key out" if detail["input"] is None else None
            text = missing or _PLAIN.get(kind) or f"is refused: {detail['msg']}"
    return Problem(path=path, text=text)


def _unknown(path: KeyPath) -> str:
    key = str(path[-1])
    if key in UNSUPPORTED:
        return UNSUPPORTED[key]
    model = _MODELS.get(path[:-1])
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    return f"is not a key{did_you_mean(key, known) or ': known are ' + ', '.join(known)}"


def _unreadable(path: str) -> str | None:
    """Why this user cannot read a file; None when it can."""
    if not Path(path).exists():
        return doubt(path, secret=False)
    if not os.access(path, os.R_OK):
        return f"{path} cannot be read by this user: see that the service's user can"
    return None


def _unlike_costs(file: WebFile) -> Iterator[Problem]:
    costs = sorted({text.split("$")[2] for text in file.basic_auth_users.values()})
    if len(costs) > 1:
        text = f"the passwords have costs of {costs[0]} to {costs[-1]}: make them alike, or time tells who is a user"
        yield Problem(path=("web", "config_file"), text=text)
