"""What docs/accounts.md shows can be used as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from monitor.config.loading import parse_config
from monitor.simulator import Scenario

PAGE = (Path(__file__).parents[1] / "docs" / "accounts.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_configuration_is_accepted() -> None:
    """Three accounts, one of each kind."""
    config = parse_config(blocks("yaml")[0], name="accounts.md", environ={}).config
    assert [account.name for account in config.accounts] == ["production", "staging", "home"]


def test_the_scenario_is_accepted() -> None:
    """With its roles, and faults that come and go."""
    scenario = Scenario.model_validate(yaml.safe_load(blocks("yaml")[1]))
    assert [role.account for role in scenario.roles] == ["111122223333", "222233334444"]
    assert len(scenario.faults) == 2


def test_the_policies_are_documents() -> None:
    """As IAM takes them."""
    assert {json.loads(block)["Version"] for block in blocks("json")} == {"2012-10-17"}
