"""`lifecycle`: the statuses and moves that the monitor knows."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs

from __future__ import annotations

import click

from monitor.cli.options import examples


@click.command(
    epilog=examples(
        "rekognition-monitor lifecycle",
        "rekognition-monitor lifecycle --format dot | dot -Tsvg > lifecycle.svg",
    )
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "dot"]),
    default="text",
    show_default=True,
    help="text for people, mermaid for Markdown, dot for Graphviz.",
)
def lifecycle(form: str) -> None:
    """Print which status of a version can follow which.

    An observed move that is not in this table, nor made of several that are, is told with the severity `warning`.
    """
    from monitor.domain.diagram import as_dot, as_mermaid, as_text

    drawings = {"text": as_text, "mermaid": as_mermaid, "dot": as_dot}
    click.echo(drawings[form]().rstrip("\n"))
