"""The configuration as it may be shown to everybody who reaches `/config`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from monitor.config.model import Config
    from monitor.config.section import KeyPath

MASK: Final = "***"

_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_SERVICE_KEY: Final = "service_url"
"""Of apprise: everything behind the scheme may be a token, the place of the host included."""

_WORD: Final = r"(?:pass(?:word|wd)?|secret|token|credential|signature|api_?key|access_?key)"
_SECRET_KEY: Final = re.compile(rf"(?i).*{_WORD}.*(?<!_file)")
_USER: Final = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*:/{2,3})[^/?#\s]*@")
_LOCATION: Final = re.compile(r"(?P<host>^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*[/?#]).+", re.DOTALL)
_PARAMETER: Final = re.compile(rf"(?i)(?P<name>[?&][^=&#]*{_WORD}[^=&#]*=)[^&#]*")


def masked(config: Config) -> str:
    """*config* as YAML that loads again to the same, its secrets aside.

    Shown as `***`: the user and password of a URL, a parameter of a URL and a setting whose name says that it is secret
    (a name that ends in `_file` is a path, and shows); of a webhook the headers, and of its URL all but the host; of a
    URL of apprise all but the scheme. What came from the environment is shown as `${NAME}`.
    """
    data = config.model_dump(mode="json")
    for path, written in config.substituted.items():
        _put(data, path, written)
    shown = _shown(data, config.substituted, ())
    text: str = yaml.dump(shown, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _put(data: Any, path: KeyPath, written: str) -> None:
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = written


def _shown(value: Any, substituted: Any, path: KeyPath) -> Any:
    if isinstance(value, dict):
        return {key: _shown(inner, substituted, (*path, key)) for key, inner in value.items() if inner not in ([], {})}
    if isinstance(value, list):
        return [_shown(inner, substituted, (*path, index)) for index, inner in enumerate(value)]
    if isinstance(value, str) and path not in substituted:
        return mask_at(path, value).replace("$", "$$")
    return value


def mask_at(path: KeyPath, text: str) -> str:
    """*text*, the value of the setting at *path*, with what is secret in it replaced."""
    match path:
        case ("sinks", int(), "headers", _):
            return MASK
        case ("sinks", int(), "url"):
            return _LOCATION.sub(rf"\g<host>{MASK}", mask("url", text))
        case _:
            return mask(str(path[-1]), text)


def mask(key: str, text: str) -> str:
    """*text*, the value of the setting *key*, with what is secret in it replaced."""
    if _SECRET_KEY.fullmatch(key):
        return MASK
    if key == _SERVICE_KEY:
        scheme, found, _ = text.partition("://")
        return f"{scheme}{found}{MASK}" if found and scheme.isalnum() else MASK
    return _PARAMETER.sub(rf"\g<name>{MASK}", _USER.sub(rf"\g<scheme>{MASK}@", text))
