"""`check-config`: whether the daemon would take a file, and with `--live` whether AWS would take the daemon."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.loading import load
from monitor.cli.options import CONFIG_FILE, CONFIG_VARIABLE, examples, output_option
from monitor.cli.text import count
from monitor.domain.text import visible
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.config.estimating import Estimate
    from monitor.config.model import Account, Config
    from monitor.service.live_check import LiveCheck


@click.command(
    epilog=examples(
        "rekognition-monitor check-config monitor.yaml",
        "rekognition-monitor check-config --live monitor.yaml",
        "rekognition-monitor check-config --live --output json monitor.yaml | jq '.policies[0].policy'",
    )
)
@click.argument("path", metavar="[FILE]", type=click.Path(path_type=Path), default=CONFIG_FILE, envvar=CONFIG_VARIABLE)
@click.option(
    "--live", is_flag=True, help="Try it on AWS: assume each role, find its projects, and ask for each project once."
)
@output_option("one JSON document; with --live")
def check_config(path: Path, *, live: bool, output: str) -> int:
    """Check a configuration, and say every problem at once.

    Problems go to stderr as `FILE:LINE: key.path: what is wrong, what to do`, and the exit code is then 2. Warnings go
    there too and change nothing. FILE is that of `run --config` when it is left out.

    Nobody is asked, unless with --live: then each role is assumed, and each project asked for once. It prints what came
    of it, the calls an hour that there will be, and the smallest IAM policy of each role and profile. The exit code is
    1 when something failed; what to do about it stands on stderr. Nothing is stored, and no sink is told.
    """
    if output != "table" and not live:
        raise UsageError("--output json is about --live: say both")
    config = load(path)
    if live:
        return _live(path, config, output)
    click.echo(f"{path}: no problem found")
    for line in summary(config):
        click.echo(line)
    return 0


def summary(config: Config) -> Iterator[str]:
    """What the daemon would do with *config*, in a few lines."""
    from monitor.config.estimating import estimate

    sinks = [sink.name for sink in config.sinks if sink.enabled]
    yield f"{count(len(config.projects), 'project')}; {count(len(sinks), 'sink')}: {', '.join(sinks) or 'none'}"
    yield from map(_account, config.accounts)
    yield from _calls(estimate(config))


def _account(account: Account) -> str:
    whose = account.role_arn or (f"profile {account.profile}" if account.profile else "the process's credentials")
    if account.discover is None:
        return f"account {account.name}: {whose}; listed projects only"
    return f"account {account.name}: {whose}; projects are discovered in {', '.join(account.regions)}"


def _calls(calls: Iterable[Estimate]) -> Iterator[str]:
    for each in calls:
        _, _, _, region, account = each.endpoint.split(":")
        yield (
            f"account {account} in {region}: {count(each.projects, 'project')}, calls to AWS an hour: "
            f"{each.calls_per_hour:,.0f}, while all of them change {each.busiest_calls_per_hour:,.0f}, "
            f"allowed {each.budget_per_hour:,.0f}"
        )


def _live(path: Path, config: Config, output: str) -> int:
    from monitor.cli.progress import progress
    from monitor.service.live_check import live_check

    with progress("Asking AWS", shown=True) as advance:
        found = live_check(config, progress=advance)
    if output == "json":
        from monitor.cli.documents import print_json
        from monitor.cli.live import live_document

        print_json({"file": str(path), **live_document(found)})
    else:
        _print(found)
    for what, fault in found.faults:
        said = f"{what}: {fault.reason}: {fault.message.rstrip('.')}. {fault.hint}"
        click.echo(visible(said), err=True)
    return 1 if found.faults else 0


def _print(found: LiveCheck) -> None:
    from monitor.cli.live import live_table, policy_texts
    from monitor.cli.printing import print_table

    print_table(live_table(found))
    click.echo()
    for line in _calls(found.calls):
        click.echo(line)
    for text in policy_texts(found):
        click.echo(f"\n{text}" if text.endswith(":") else text)
