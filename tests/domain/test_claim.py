from __future__ import annotations

from monitor.domain.claim import Claim
from tests.builders import at


def test_a_claim_takes_all_that_is_due_unless_it_says_otherwise() -> None:
    """About every subject, of every severity, and what is due behind the first."""
    claim = Claim(now=at(), limit=3)
    assert ((), None, False) == (claim.besides, claim.urgent, claim.heads_only)
