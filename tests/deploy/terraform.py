"""Resolves what a Terraform module leaves to its variables, as far as ours goes; python-hcl2 parses it.

Source: Terraform's documentation, "Configuration Language": expressions, string templates, and the functions
`jsonencode`, `replace` and `file`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hcl2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PLAIN: Final = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)


class Module:
    """One file, with what it is given.

    Attributes:
        variables: What each is by default, and None where it has to be given.
    """

    def __init__(self, path: Path, given: Mapping[str, str]) -> None:
        """*given*: the values of references by their whole names, as `var.role_name` and `data.KIND.NAME.ATTRIBUTE`."""
        self._document: Any = hcl2.loads(path.read_text("utf-8"), serialization_options=_PLAIN)
        blocks = [block for each in self._document["variable"] for block in each.items()]
        self.variables = {name: block.get("default") for name, block in blocks}
        defaults = {f"var.{name}": default for name, default in self.variables.items() if default is not None}
        known = {f"local.{name}": value for each in self._document["locals"] for name, value in each.items()}
        self._known: dict[str, Any] = {"path.module": str(path.parent), **known, **defaults, **given}

    def resource(self, kind: str, name: str) -> dict[str, Any]:
        """The resource's settings, resolved but for references to other resources, which stay as they are."""
        found = next(each[kind][name] for each in self._document["resource"] if name in each.get(kind, {}))
        return {key: self._resolve(value) for key, value in found.items()}

    def _resolve(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {key: self._resolve(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._resolve(each) for each in node]
        return self._text(node) if isinstance(node, str) else node

    def _text(self, text: str) -> Any:
        """A template: an expression alone is worth what it is, among other text it is text."""
        if text.startswith("${") and _ends(text, 2) == len(text) - 1:
            return self._expression(text[2:-1])
        return re.sub(r"\$\{([^{}]*)\}", lambda found: str(self._expression(found[1])), text)

    def _expression(self, text: str) -> Any:
        called = re.fullmatch(r"(\w+)\((.*)\)", text, re.DOTALL)
        if called:
            return _FUNCTIONS[called[1]](*map(self._argument, _arguments(called[2])))
        indexed = re.fullmatch(r"([\w.]+)\[(.+)\]", text)
        if indexed:
            return self._expression(indexed[1])[self._expression(indexed[2])]
        return self._resolve(self._known[text]) if text in self._known else text

    def _argument(self, text: str) -> Any:
        return self._resolve(hcl2.loads(f"argument = {text}\n", serialization_options=_PLAIN)["argument"])


def _arguments(text: str) -> Iterator[str]:
    """What commas part that are in no brackets and no quotes."""
    depth, quoted, begin = 0, False, 0
    for at, character in enumerate(text):
        quoted ^= character == '"'
        depth += 0 if quoted else (character in "([{") - (character in ")]}")
        if character == "," and not depth and not quoted:
            yield text[begin:at].strip()
            begin = at + 1
    yield text[begin:].strip()


def _ends(text: str, begin: int) -> int:
    """Where the brace is that closes the one before *begin*."""
    depth = 1
    for at in range(begin, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if not depth:
            return at
    return -1


_FUNCTIONS: Final[Mapping[str, Callable[..., str]]] = {
    "file": lambda path: Path(path).read_text("utf-8"),
    "jsonencode": json.dumps,
    "replace": lambda text, old, new: str(text).replace(old, new),
}
