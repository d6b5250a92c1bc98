"""One row of the table of faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.fault import Reason, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

ANY: Final = ("*",)
"""The `codes` of a row that takes every code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One row.

    Attributes:
        reason: The word for it.
        hint: What the operator can do; takes `arn`, `name`, `region`, `account` and `action`.
        scope: What it may be the fault of. `ENDPOINT` also where one project alone may be struck: who counts faults
            sees whether the others still succeed.
        soon: It may pass by itself in seconds.
        codes: AWS's error codes, and HTTP statuses of answers without one.
        errors: Exceptions, botocore's or those that botocore wraps.
        said: One of these has to be in the message; empty for any message.
    """

    reason: Reason
    hint: str
    scope: Scope = Scope.ENDPOINT
    soon: bool = False
    codes: tuple[str, ...] = ()
    errors: tuple[type[BaseException], ...] = ()
    said: tuple[str, ...] = ()

    def fits(self, errors: Iterable[BaseException], message: str) -> bool:
        """Whether one of *errors*, an exception and what is inside it, is of this row."""
        return any(isinstance(error, self.errors) for error in errors) and self._says(message)

    def fits_code(self, code: str, message: str) -> bool:
        """Whether an answer of AWS's is of this row."""
        return (code in self.codes or self.codes == ANY) and self._says(message)

    def _says(self, message: str) -> bool:
        return not self.said or any(words in message for words in self.said)
