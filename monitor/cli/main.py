"""The way in, and the exit codes.

0 done; 1 something that was asked for failed; 2 wrong use or a configuration that is refused; 130 interrupted. A reader
that goes away (`| head`) is a 1 without words, as click, rich and the Python documentation ("Note on SIGPIPE") have it.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

import click

from monitor.cli.root import root
from monitor.domain.text import visible
from monitor.errors import ConfigError, MonitorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROGRAM: Final = "rekognition-monitor"

DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 2
INTERRUPTED: Final = 130


def utc_now() -> datetime:
    """The time by the machine's clock."""
    return datetime.now(UTC)


def main(args: Sequence[str] | None = None, *, clock: Callable[[], datetime] = utc_now) -> int:
    """Run the command that *args* (the process's own when None) name; the exit code.

    A command returns its exit code, or None for 0, and has *clock* (aware UTC) as its context's object. Only what
    nobody foresaw leaves as an exception.
    """
    _print_somewhere()
    _print_anything()
    try:
        code = _run(args, clock)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:  # what else runs full is told by whoever writes it
            raise
        _forget_output()
        click.echo(f"{PROGRAM}: the output cannot be written: {error.strerror}", err=True)
        return FAILED
    return code


def _run(args: Sequence[str] | None, clock: Callable[[], datetime]) -> int:
    try:
        return int(root.main(args, prog_name=PROGRAM, standalone_mode=False, obj=clock) or DONE)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigError as error:
        for problem in error.problems:
            click.echo(visible(problem), err=True)
        return REFUSED
    except MonitorError as error:
        click.echo(visible(f"{PROGRAM}: {' '.join(str(error).split())}"), err=True)
        return REFUSED if isinstance(error, UsageError) else FAILED


def _print_somewhere() -> None:
    """Python has None for a stream that was closed before (`>&-`), and no file is to be opened in its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def _print_anything() -> None:
    """A character that the locale's encoding lacks is written as an escape, not answered by a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Let the interpreter's own last flush go nowhere: it would complain about the pipe again."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
