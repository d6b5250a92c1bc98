"""What `demo` does: a simulated fleet, a daemon that watches it, and a terminal that tells."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import click

from monitor import logs
from monitor.cli.lines import print_message_lines
from monitor.cli.text import count
from monitor.config.model import Aws, Config, Log, LogSink, Poll, Project, State, Web
from monitor.config.values import split_listen
from monitor.service.daemon import run_until_signal
from monitor.service.service import Service
from monitor.simulator import Simulator, load_scenario, shipped_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping, Sequence

    from monitor.domain.delivery import Message
    from monitor.errors import DeliveryError

LISTEN: Final = "127.0.0.1:10417"
ANY_PORT: Final = "127.0.0.1:0"
SCENARIO: Final = "life-of-everything"
CALLS_PER_SECOND: Final = 4.0
"""One less than the simulator allows, which is as strict as AWS."""

_ACCESS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "the-simulator-takes-any",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
)
"""What boto3 finds instead of the user's own: the demo must neither need an account nor touch one. The key is the
example of AWS's documents."""


@dataclass(slots=True)
class Narrator:
    """A sink that tells people."""

    batch: int = 100
    told: int = field(default=0, init=False)

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Print a line for each; when nobody reads any more, the demo is over."""
        try:
            print_message_lines(messages)
        except BrokenPipeError:
            os.kill(os.getpid(), signal.SIGTERM)
        self.told += len(messages)
        return {}

    def close(self) -> None:
        """Nothing: the terminal is not ours."""


def demonstrate(*, listen: str | None, speed: float | None) -> int:
    """Run until a signal comes; the exit code. Raises ListenError when the *listen* that was asked for is taken."""
    scenario = load_scenario(shipped_scenario(SCENARIO))
    narrator = Narrator()
    logs.configure("warning", "console")
    with (
        simulated_access(os.environ),
        TemporaryDirectory(prefix="rekognition-monitor-demo-") as home,
        Simulator(scenario, speed=speed or scenario.speed) as simulator,
    ):
        config = make_config(scenario.project_arns, simulator.url, Path(home), listen or free_address(LISTEN))
        daemon = Service(config, extra_sinks={"demo": narrator})
        if listen is None and config.web.listen != LISTEN:
            click.echo(f"{LISTEN} is taken, so a free port is used.", err=True)
        _introduce(daemon.url, simulator.url)
        code = run_until_signal(daemon)
    click.echo(f"{count(narrator.told, 'event')} told; nothing is kept.")
    return code


def make_config(projects: Sequence[str], endpoint: str, home: Path, listen: str) -> Config:
    """A daemon's configuration: the same as a user's, but in a hurry."""
    return Config(
        poll=Poll(interval=timedelta(seconds=2), transition_interval=timedelta(seconds=1)),
        aws=Aws(endpoint_url=endpoint, max_calls_per_second=CALLS_PER_SECOND),
        state=State(url=f"sqlite:///{home / 'state.db'}"),
        web=Web(listen=listen),
        log=Log(level="warning", format="console"),
        projects=tuple(Project(arn=arn) for arn in projects),
        sinks=(LogSink(name="log", type="log", enabled=False),),
    )


@contextmanager
def simulated_access(environ: MutableMapping[str, str]) -> Iterator[None]:
    """Within the block boto3 finds made-up credentials, and nothing of the user's settings, proxies or endpoints."""
    before = dict(environ)
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    environ.update(_ACCESS)
    try:
        yield
    finally:
        environ.clear()
        environ.update(before)


def free_address(wanted: str) -> str:
    """*wanted*, or any port when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(split_listen(wanted))
        except OSError:
            return ANY_PORT
    return wanted


def _introduce(page: str, endpoint: str) -> None:
    """What this is and where to look."""
    click.echo(
        "A simulated fleet of Amazon Rekognition models and adapters, and the monitor that watches it.\n"
        f"  page       {page}/\n"
        f"  metrics    {page}/metrics\n"
        f"  simulator  {endpoint}  (aws rekognition describe-projects --endpoint-url {endpoint})\n"
        "Events follow as the monitor finds them; Ctrl-C ends it.\n"
    )
