"""Addresses of our own pages. They are relative to the first one, so that they hold below any prefix of a proxy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Link:
    """A page with its parameters, in their order; those that are empty are left out of its address."""

    page: str
    parameters: Mapping[str, str]

    def __str__(self) -> str:
        given = {name: value for name, value in self.parameters.items() if value}
        query = urlencode(given, quote_via=quote, safe="=,:", errors="replace")
        return f"{self.page}?{query}" if query else self.page

    def but(self, **changes: str) -> Link:
        """The same view with other parameters."""
        return Link(self.page, {**self.parameters, **changes})


def version_link(arn: str, **parameters: str) -> str:
    """The page of one version."""
    return str(Link("version", {"arn": arn, **parameters}))
