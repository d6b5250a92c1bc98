"""An organisation of 50 accounts in three regions, in which much goes wrong at once."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from monitor.simulator import RoleSpec, Scenario, Simulator
from tests.aws.environment import isolate
from tests.builders import project_arn
from tests.service.rig import Told, load, logging_restored, metrics, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.service.service import Service

IDS: Final = tuple(f"{number:012}" for number in range(100000000001, 100000000051))
HOMES: Final = ("us-east-1", "eu-west-1")
SILENT: Final = "ap-south-1"
ABROAD: Final = IDS[40:45]
"""The accounts that are in the third region too, the one that does not answer."""
REFUSED: Final = IDS[:5]
CUT_SHORT: Final = IDS[5:8]
"""Their sessions are ended early, twice."""
THROTTLED: Final = IDS[8]
REMADE: Final = IDS[10:12]
"""Their project in the first region is deleted and made anew under its name."""
BUDGET: Final = 4
SECOND: Final = timedelta(seconds=1)
POLL: Final = {"interval": "4s", "transition_interval": "3s", "jitter": 0.1, "unreachable_after": 3, "workers": 16}


def places(account: str) -> tuple[str, ...]:
    return (*HOMES, SILENT) if account in ABROAD else HOMES


def arn(account: str, region: str, created_ms: int = 1690474772815) -> str:
    return project_arn("shop", account_id=account, region=region, created_ms=created_ms)


def role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/monitor"


@dataclass
class Organisation:
    """The simulator, and what a test does to it."""

    simulator: Simulator
    versions: dict[str, str]

    def settle(self, status: str, *accounts: str) -> None:
        """Every version of these accounts moves to that status."""
        for project, version in self.versions.items():
            if project.split(":")[4] in accounts:
                self.simulator.world.set_status(version, status)

    def break_down(self) -> None:
        """All the faults begin."""
        for account in REFUSED:
            self.simulator.roles.put(RoleSpec(arn=role(account), trusts=("999999999999",)))
            self.simulator.roles.end(account)
        self.cut_short()
        self.simulator.faults.add("error", code="ThrottlingException", account=THROTTLED, every=3)

    def cut_short(self) -> None:
        for account in CUT_SHORT:
            self.simulator.roles.end(account)

    def remake(self) -> None:
        """Two projects are deleted and made anew: other ARNs, the same names."""
        for account in REMADE:
            self.simulator.world.remove_project(arn(account, HOMES[0]))
            anew = self.simulator.world.put_project(arn(account, HOMES[0], 1790000000000))
            self.simulator.world.put_version(anew, "v1", status="STOPPED")

    def mend(self) -> None:
        """All the faults end."""
        self.simulator.faults.clear()
        for account in REFUSED:
            self.simulator.roles.put(RoleSpec(arn=role(account)))

    def busiest_second(self) -> dict[tuple[str, str], int]:
        """The most calls to Rekognition that came within any second, by account and region."""
        came = defaultdict(list)
        for each in self.simulator.served:
            if each.operation.startswith("Describe"):
                came[each.account, each.region].append(each.at)
        return {place: max(map(len, _windows(sorted(times)))) for place, times in came.items()}


def _windows(times: list[Any]) -> Iterator[list[Any]]:
    """What came within a second, from each on."""
    return (times[first : bisect.bisect_left(times, at + SECOND)] for first, at in enumerate(times))


@pytest.fixture
def organisation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Organisation]:
    """Every account has a project in each of its regions; the third region does not answer from the beginning."""
    isolate(monkeypatch, tmp_path)
    scenario = {"limits": {"calls_per_second": 5}, "roles": [{"arn": role(account)} for account in IDS]}
    with logging_restored(), Simulator(Scenario.model_validate(scenario)) as simulator:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", simulator.url)
        versions = {}
        for account in IDS:
            for region in places(account):
                project = simulator.world.put_project(arn(account, region))
                versions[project] = simulator.world.put_version(project, "v1", status="STOPPED")
        simulator.faults.add("reset", region=SILENT)
        yield Organisation(simulator, versions)


def watched(tmp_path: Path, organisation: Organisation) -> Any:
    accounts = [
        {"name": f"a{account}", "role_arn": role(account), "regions": places(account), "discover": {"every": "4s"}}
        for account in IDS
    ]
    aws = {"endpoint_url": organisation.simulator.url, "max_calls_per_second": BUDGET, "read_timeout": "5s"}
    return load(tmp_path, organisation.simulator.url, poll=POLL, aws=aws, accounts=accounts, sinks=[]).config


def until(condition: Callable[[], bool]) -> None:
    """Seldom looked at: what is looked at is large."""
    wait_until(condition, every=0.3)


def up(service: Service) -> Counter[str]:
    """How many accounts and regions are up, and how many are not."""
    return Counter(line.rpartition(" ")[2] for line in metrics(service, "rekognition_discovery_up{"))


def told_of(told: Told, *words: str) -> Counter[str]:
    """How often each sentence with one of these words was told."""
    sentences = (summary.partition(": credentials_")[0].partition(": conn")[0] for summary in told.summaries())
    return Counter(sentence for sentence in sentences if any(word in sentence for word in words))


@pytest.mark.timeout(300)
def test_a_bad_account_hurts_no_other_and_all_is_well_in_the_end(organisation: Organisation, tmp_path: Path) -> None:
    """Every change of the healthy is told while the faults last; one event for each account and region in trouble, and
    one for its end; no second holds more calls than the budget."""
    told = Told()
    healthy = [account for account in IDS if account not in REFUSED]
    homes = len(IDS) * len(HOMES)
    with running(watched(tmp_path, organisation), extra_sinks={"told": told}) as service:
        until(lambda: up(service) == {"1.0": homes, "0.0": len(ABROAD)})
        until(lambda: len(metrics(service, "rekognition_project_up{")) == homes)
        organisation.break_down()
        until(lambda: up(service)["0.0"] == len(ABROAD) + len(REFUSED) * len(HOMES))
        organisation.settle("STARTING", *healthy)
        organisation.cut_short()
        until(lambda: told_of(told, "STARTING").total() == len(healthy) * len(HOMES))
        organisation.remake()
        until(lambda: told_of(told, "shop appeared", "shop disappeared").total() == 2 * len(REMADE))
        until(lambda: told_of(told, "unreachable").total() == len(ABROAD) + len(REFUSED) * len(HOMES))
        organisation.mend()
        until(lambda: up(service) == {"1.0": homes + len(ABROAD)})
        until(lambda: len(metrics(service, "rekognition_project_up{")) == homes + len(ABROAD))
        until(lambda: {line[-2:] for line in metrics(service, "rekognition_project_up{")} == {" 1"})
        organisation.settle("STOPPED", *REFUSED)

    trouble = [(account, SILENT) for account in ABROAD] + [(each, home) for each in REFUSED for home in HOMES]
    assert Counter(f"account {account} in {region} unreachable" for account, region in trouble) == told_of(
        told, "unreachable"
    )
    assert Counter(f"account {account} in {region} answers again" for account, region in trouble) == told_of(
        told, "answers again"
    )
    assert max(organisation.busiest_second().values()) <= BUDGET
