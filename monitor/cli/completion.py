"""`completion`: the script that makes a shell complete this command."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from monitor.cli.options import examples


@click.command(
    epilog=examples(
        "rekognition-monitor completion bash > /etc/bash_completion.d/rekognition-monitor",
        "rekognition-monitor completion fish > ~/.config/fish/completions/rekognition-monitor.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell."""
    found = get_completion_class(shell)
    assert found is not None
    top = context.find_root()
    name = str(top.info_name)
    variable = f"_{name}_COMPLETE".replace("-", "_").upper()
    click.echo(found(top.command, {}, name, variable).source())
