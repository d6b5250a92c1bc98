"""Secrets in files, as systemd's LoadCredential=, Docker and Kubernetes hand them over."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 64 * 1024
"""Of such a file; a secret has some 50, a bundle of certificates has its own limit."""


def read_file(path: str, most: int = MAX_BYTES) -> str:
    """The text of a file that the configuration names, without the space around it.

    Raises ValueError with what is wrong and what to do; it holds the path, and nothing of the text.
    """
    try:
        with Path(path).open("rb") as file:
            text = file.read(most + 1).decode().strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}: make the file, readable for this user") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text: name another file") from None
    if not text:
        raise ValueError(f"{path} is empty: write the value into it")
    if len(text) > most:
        raise ValueError(f"{path} has more than {most} bytes: name another file")
    return text


def doubt(path: str, *, secret: bool) -> str | None:
    """What looks wrong with a file that the configuration names, and what to do; None where nothing does.

    Only a doubt: the file may be made when the service starts, for its user alone.
    """
    try:
        found = Path(path).stat()
    except OSError as error:
        return f"{path} cannot be found: {error.strerror}: make it before the monitor starts"
    if not found.st_size and stat.S_ISREG(found.st_mode):
        return f"{path} is empty: write the value into it before the monitor starts"
    if secret and found.st_mode & stat.S_IROTH:
        return f"{path} can be read by every user of this machine: take that away (chmod o-rwx)"
    return None
