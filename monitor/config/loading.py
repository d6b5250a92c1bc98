"""The file to a `Config`, or to every problem that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from monitor.config.checking import repetitions, warnings
from monitor.config.contradictions import contradictions
from monitor.config.document import Document
from monitor.config.explaining import explain
from monitor.config.model import Config
from monitor.config.settings_file import read_mapping, read_text, told
from monitor.config.web_loading import doubts_about, open_to_strangers
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from monitor.config.section import KeyPath

_SMALLEST: Final = (
    'the smallest is projects: [{arn: "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"}]'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration that was accepted.

    Attributes:
        warnings: What looks like a mistake and is not refused, each as `FILE:LINE: key.path: what, what to do`.
        exposed: The same about an address that is open to strangers. A daemon tells that of the one that it really has.
    """

    config: Config
    warnings: tuple[str, ...]
    exposed: tuple[str, ...] = ()


def load_config(path: Path, environ: Mapping[str, str]) -> Loaded:
    """The configuration in the file at *path*, `${NAME}` taken from *environ*.

    Raises ConfigError with every problem, each as `FILE:LINE: key.path: what is wrong, what to do`.
    """
    return parse_config(read_text(path), name=str(path), environ=environ)


def parse_config(text: str, *, name: str, environ: Mapping[str, str]) -> Loaded:
    """As `load_config`, of a *text* that the messages call *name*."""
    document = read_mapping(text, name=name, environ=environ, smallest=_SMALLEST)
    found = [*document.problems, *repetitions(document)]
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        known = {problem.path for problem in found}
        found += [problem for problem in explain(error, document) if problem.path not in known]
    if found:
        raise ConfigError(*told(found, name, document))
    strange = contradictions(config)
    if strange:
        raise ConfigError(*told(strange, name, document))
    config = config.with_substituted(document.substituted)
    doubts = (*warnings(config), *doubts_about(config.web, environ))
    exposed = open_to_strangers(config.web, environ)
    return Loaded(config=config, warnings=told(doubts, name, document), exposed=told(exposed, name, document))


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
    if not given:
        return config
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
