"""`${NAME}` in the texts of the file, taken from the environment.

What comes in stays text: YAML does not read it again, so a value from the environment can never become a mapping or
null. Settings that are numbers or truth values read theirs from text as well. `$$` is a `$`; a `$` before anything else
than `$` and `{` is itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
_CREDENTIALS_OF_THE_UNIT: Final = "/run/credentials/rekognition-monitor.service"
"""What systemd says there; for the commands that the administrator runs beside the service, which it does not tell."""

_REFERENCE: Final = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?P<broken>\{))")


class SubstitutionError(Exception):
    """A text refers to what the environment does not have, or to nothing."""


def references(text: str) -> bool:
    """Whether *text* takes anything from the environment."""
    return any(match["name"] for match in _REFERENCE.finditer(text))


def substitute(text: str, environ: Mapping[str, str]) -> str:
    """*text* with its references filled in. Raises SubstitutionError, which never holds a value."""

    def fill(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        if match["broken"]:
            raise SubstitutionError("holds ${ without a name and }: write ${NAME}, or $${ for the two characters")
        return _variable(match["name"], environ)

    return _REFERENCE.sub(fill, text)


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name == _CREDENTIALS:
        return environ.get(name, _CREDENTIALS_OF_THE_UNIT)
    if name not in environ:
        raise SubstitutionError(f"needs the environment variable {name}, which is not set: set it, or write the value")
    return environ[name]
