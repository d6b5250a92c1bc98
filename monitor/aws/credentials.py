"""Credentials as botocore takes them, where we fetch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.credentials import Credentials, ReadOnlyCredentials

    from monitor.aws.fetching import Fetched


@dataclass(frozen=True, slots=True, eq=False)
class RoleCredentials:
    """Those of a role; botocore asks for them whenever it signs, and so for each attempt."""

    fetched: Fetched[ReadOnlyCredentials]
    method: str = "assume-role"

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Those that are good now. Raises what fetching them raises."""
        return self.fetched.get()

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        """Reads one of them when it is wanted; botocore puts account ids into the addresses of some services."""
        return lambda: getattr(self.get_frozen_credentials(), name)


@dataclass(frozen=True, slots=True)
class Given:
    """botocore's component that finds credentials, when they were found already; None signs nothing."""

    credentials: Credentials | RoleCredentials | None

    def load_credentials(self) -> Any:
        """What botocore's chain would find."""
        return self.credentials


REVOKED: Final = 60.0
"""Seconds after which credentials that are refused are fetched anew. An administrator who revokes a role's sessions
denies everything to those from before; the next one is good."""
