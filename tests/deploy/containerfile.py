"""A container file's instructions, as a builder reads them.

Source: Containerfile(5) of podman, and Docker's "Dockerfile reference", for the instructions that ours has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One of them.

    Attributes:
        name: In capitals.
        options: What stands before the arguments, as `--from=build`.
        text: The arguments.
    """

    name: str
    options: tuple[str, ...]
    text: str

    @property
    def words(self) -> list[str]:
        """The arguments of the exec form, which no shell reads. Raises ValueError for the shell form."""
        words: list[str] = json.loads(self.text.removeprefix("CMD "))
        return words


def stages(path: Path) -> list[list[Instruction]]:
    """The stages, each from its FROM on."""
    found: list[list[Instruction]] = []
    for instruction in _instructions(path.read_text("utf-8")):
        if instruction.name == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


def _instructions(text: str) -> list[Instruction]:
    """Comments are whole lines, also within an instruction; a backslash at the end goes on with the next line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", "")
    return [_instruction(line) for line in joined.splitlines()]


def _instruction(line: str) -> Instruction:
    name, *rest = line.split()
    options = tuple(takewhile(lambda word: word.startswith("--"), rest))
    text = line.removeprefix(name).lstrip()
    for option in options:
        text = text.removeprefix(option).lstrip()
    return Instruction(name=name, options=options, text=text)
