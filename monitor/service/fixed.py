"""What of a configuration cannot change while the daemon runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config.model import Config

_FIXED: Final = ("state.url", "web.listen", "web.config_file", "aws", "poll.workers")


def refuse_changes(old: Config, new: Config) -> None:
    """Raise ConfigError, with each of them, when *new* has another value than *old* for what is fixed."""
    changed = [key for key in _FIXED if _value(new, key) != _value(old, key)]
    if changed:
        raise ConfigError(*(f"{key}: cannot change while the monitor runs; restart it" for key in changed))


def _value(config: Config, key: str) -> object:
    """A setting, or a whole section, by its key path."""
    value: object = config
    for name in key.split("."):
        value = getattr(value, name)
    return value
