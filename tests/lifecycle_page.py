"""`docs/lifecycle.md` with its two blocks as the program prints them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from monitor.domain.diagram import as_mermaid, as_text

PAGE: Final = Path(__file__).parent.parent / "docs" / "lifecycle.md"


def render_page() -> str:
    """The page as it should be; the words around the blocks stay."""
    page = PAGE.read_text(encoding="utf-8")
    for language, block in {"text": as_text(), "mermaid": as_mermaid()}.items():
        page = re.sub(rf"```{language}\n.*?```", f"```{language}\n{block}```", page, flags=re.DOTALL)
    return page
