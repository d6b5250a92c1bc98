"""JSON Schema's newest dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def dialect() -> type[Draft202012Validator]:
    """Its validator. jsonschema makes IRIs' grammar at its import, in two seconds that only those wait who need it."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as said

    return Draft202012Validator
