"""The simulated fleet of a campaign: random lives, and everything that can go wrong on the way to them."""

from __future__ import annotations

from monitor.simulator import Scenario

ACCOUNT, REGION = "111122223333", "us-east-1"

FAULTS = (
    {"kind": "error", "code": "InternalServerError", "rate": 0.02},
    {"kind": "error", "code": "ThrottlingException", "rate": 0.02},
    {"kind": "error", "code": "AccessDeniedException", "rate": 0.01},
    {"kind": "reset", "rate": 0.01},
    {"kind": "truncated", "rate": 0.01},
    {"kind": "empty", "rate": 0.01},
    {"kind": "html", "rate": 0.01},
    {"kind": "null_list", "rate": 0.01},
    {"kind": "not_json", "rate": 0.01},
    {"kind": "expired_token", "page": 2, "rate": 0.05},
    {"kind": "latency", "delay": "200ms", "rate": 0.02},
)


def fleet(*, lives: int, projects: int, seed: int, born_within: str = "20s") -> Scenario:
    """So many random lives in so many projects, every third of adapters; the same for the same seed."""
    share = -(-lives // projects)
    return Scenario.model_validate(
        {
            "account": ACCOUNT,
            "region": REGION,
            "limits": {"calls_per_second": None, "versions_per_project": 100_000, "records": 2_000_000},
            "projects": [
                {
                    "name": f"project-{number}",
                    "feature": "CONTENT_MODERATION" if number % 3 == 2 else "CUSTOM_LABELS",
                    "lives": {
                        "count": share,
                        "seed": seed * 1000 + number,
                        "pace": "fast",
                        "moves": 40,
                        "unknown_statuses": 0.02,
                        "skipped_moves": 0.1,
                        "born_within": born_within,
                    },
                }
                for number in range(projects)
            ],
            "faults": [fault | {"seed": seed} for fault in FAULTS],
        }
    )
