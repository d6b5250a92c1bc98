"""A file of settings: its text, its data, and its problems by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.config.document import Document, GrownError, read_document
from monitor.config.problems import Problem, dotted
from monitor.config.syntax import SyntaxProblemError, compose
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MAX_BYTES: Final = 16 * 1024 * 1024
"""Size of a file that is read: 10,000 projects are some 2 MiB."""


def read_text(path: Path) -> str:
    """The text of the file at *path*. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}: name a YAML file that can") from None
    except ValueError:
        raise ConfigError(f"{str(path)!r}: is not the name of a file") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: is larger than {MAX_BYTES // 1024**2} MiB: name a configuration file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: is not UTF-8 (byte 0x{data[error.start]:02x}): save it as UTF-8") from None


def read_mapping(text: str, *, name: str, environ: Mapping[str, str], smallest: str) -> Document:
    """The data of *text*, a mapping; messages call it *name*, and show the *smallest* one. Raises ConfigError."""
    try:
        root = compose(text)
        if root is None:
            raise ConfigError(f"{name}:1: is empty: {smallest}")
        document = read_document(root, environ)
    except SyntaxProblemError as error:
        raise ConfigError(f"{name}:{error.line}: {error}") from None
    except GrownError:
        raise ConfigError(f"{name}:1: holds too many values once its anchors are written out: use fewer") from None
    if not isinstance(document.data, dict):
        found = [Problem(path=(), text=f"is not a mapping of settings: {smallest}", line=document.line(()))]
        raise ConfigError(*told([*document.problems] or found, name, document))
    return document


def told(problems: Iterable[Problem], name: str, document: Document) -> tuple[str, ...]:
    """The problems in the order of the file's lines."""
    placed = [(problem.line or document.line(problem.path), problem) for problem in problems]
    return tuple(_line(name, line, problem) for line, problem in sorted(placed, key=lambda pair: pair[0]))


def _line(name: str, line: int, problem: Problem) -> str:
    where = f"{dotted(problem.path)}: " if problem.path else ""
    return f"{name}:{line}: {where}{problem.text}"
