"""The file to a `Config`, or to every problem that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from monitor.config.checking import repetitions, warnings
from monitor.config.contradictions import contradictions
from monitor.config.document import Document, GrownError, read_document
from monitor.config.explaining import explain
from monitor.config.model import Config
from monitor.config.problems import Problem, dotted
from monitor.config.syntax import SyntaxProblemError, compose
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from monitor.config.section import KeyPath

MAX_BYTES: Final = 16 * 1024 * 1024
"""Size of a file that is read: 10,000 projects are some 2 MiB."""

_SMALLEST: Final = (
    'the smallest is projects: [{arn: "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"}]'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration that was accepted.

    Attributes:
        warnings: What looks like a mistake and is not refused, each as `FILE:LINE: key.path: what, what to do`.
    """

    config: Config
    warnings: tuple[str, ...]


def load_config(path: Path, environ: Mapping[str, str]) -> Loaded:
    """The configuration in the file at *path*, `${NAME}` taken from *environ*.

    Raises ConfigError with every problem, each as `FILE:LINE: key.path: what is wrong, what to do`.
    """
    return parse_config(_read(path), name=str(path), environ=environ)


def parse_config(text: str, *, name: str, environ: Mapping[str, str]) -> Loaded:
    """As `load_config`, of a *text* that the messages call *name*."""
    document = _document(text, name, environ)
    found = [*document.problems, *repetitions(document)]
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        told = {problem.path for problem in found}
        found += [problem for problem in explain(error, document) if problem.path not in told]
    if found:
        raise ConfigError(*_lines(found, name, document))
    strange = contradictions(config)
    if strange:
        raise ConfigError(*_lines(strange, name, document))
    config = config.with_substituted(document.substituted)
    return Loaded(config=config, warnings=_lines(warnings(config), name, document))


def with_overrides(
    config: Config, *, listen: str | None = None, log_level: str | None = None, log_format: str | None = None
) -> Config:
    """*config* with what the command line says instead; None leaves the file's. Raises ConfigError for bad values."""
    flags = {
        ("web", "listen"): ("--listen", listen),
        ("log", "level"): ("--log-level", log_level),
        ("log", "format"): ("--log-format", log_format),
    }
    given = {path: value for path, (_, value) in flags.items() if value is not None}
    data = config.model_dump(exclude_defaults=True)
    for (section, key), value in given.items():
        data.setdefault(section, {})[key] = value
    try:
        changed = Config.model_validate(data)
    except ValidationError as error:
        problems = explain(error, Document(data=data, places={}, problems=(), substituted={}))
        names: dict[KeyPath, str] = {path: flag for path, (flag, _) in flags.items()}
        raise ConfigError(*(f"{names[problem.path]}: {problem.text}" for problem in problems)) from None
    return changed.with_substituted({path: text for path, text in config.substituted.items() if path not in given})


def _read(path: Path) -> str:
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


def _document(text: str, name: str, environ: Mapping[str, str]) -> Document:
    try:
        root = compose(text)
        if root is None:
            raise ConfigError(f"{name}:1: is empty: {_SMALLEST}")
        document = read_document(root, environ)
    except SyntaxProblemError as error:
        raise ConfigError(f"{name}:{error.line}: {error}") from None
    except GrownError:
        raise ConfigError(f"{name}:1: holds too many values once its anchors are written out: use fewer") from None
    if not isinstance(document.data, dict):
        found = [Problem(path=(), text=f"is not a mapping of settings: {_SMALLEST}", line=document.line(()))]
        raise ConfigError(*_lines([*document.problems] or found, name, document))
    return document


def _lines(problems: Iterable[Problem], name: str, document: Document) -> tuple[str, ...]:
    """The problems in the order of the file's lines."""
    told = [(problem.line or document.line(problem.path), problem) for problem in problems]
    return tuple(_line(name, line, problem) for line, problem in sorted(told, key=lambda pair: pair[0]))


def _line(name: str, line: int, problem: Problem) -> str:
    where = f"{dotted(problem.path)}: " if problem.path else ""
    return f"{name}:{line}: {where}{problem.text}"
