"""`docs/api.md` with its addresses and parameters as the program has them, and the OpenAPI document as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor import __version__
from monitor.web.api.openapi import describe
from monitor.web.api.operations import BASE, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.web.api.operations import Operation
    from monitor.web.api.parameters import Parameter

PAGE: Final = Path(__file__).parents[3] / "docs" / "api.md"
_BLOCK: Final = re.compile(r"(<!-- addresses -->\n).*?(<!-- end of the addresses -->)", re.DOTALL)


def render_page() -> str:
    """The page as it should be; the words around the block stay."""
    block = "\n".join(line for operation in OPERATIONS for line in _section(operation))
    return _BLOCK.sub(lambda found: f"{found[1]}{block}\n{found[2]}", PAGE.read_text(encoding="utf-8"))


def render_document() -> str:
    """The OpenAPI document."""
    return json.dumps(describe(__version__), indent=1, ensure_ascii=False) + "\n"


def _section(operation: Operation) -> Iterator[str]:
    yield f"### `GET {BASE}{operation.path}`"
    yield ""
    yield operation.description
    yield ""
    if operation.query:
        yield "| parameter | value | |"
        yield "|---|---|---|"
        yield from (_row(parameter) for parameter in operation.query)
        yield ""


def _row(parameter: Parameter) -> str:
    several = " May be given several times." if parameter.many else ""
    default = parameter.schema.get("default")
    usual = "" if default is None else f" {json.dumps(default).strip(chr(34))} unless given."
    return f"| `{parameter.name}` | {parameter.must} | {parameter.description}{several}{usual} |"
