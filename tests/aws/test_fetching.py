from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import CredentialRetrievalError

from monitor.aws.fetching import LONGEST_PAUSE, Fetched, Fresh
from monitor.aws.trouble import HeldOffError


@dataclass
class Sts:
    """Gives what it is told to, and writes down when it was asked."""

    answers: list[Fresh[str] | Exception] = field(default_factory=list)
    now: float = 1000.0
    takes: float = 0.0
    asked: list[float] = field(default_factory=list)
    busy: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def fetch(self) -> Fresh[str]:
        self.asked.append(self.now)
        self.busy.set()
        assert self.go.wait(60)
        self.now += self.takes
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def fetched(self, chance: float = 0.5, patience: float = 60) -> Fetched[str]:
        return Fetched("sts", self.fetch, monotonic=lambda: self.now, chance=lambda: chance, patience=patience)


def sts(*answers: Fresh[str] | Exception) -> Sts:
    made = Sts(list(answers))
    made.go.set()
    return made


def test_it_is_fetched_once() -> None:
    """And kept while it is good."""
    it = sts(Fresh(value="a"))
    fetched = it.fetched()
    assert ([fetched.get(), fetched.get()], it.asked) == (["a", "a"], [1000.0])


@pytest.mark.parametrize(("chance", "at"), [(0.0, 700), (1.0, 900)])
def test_it_is_fetched_again_before_it_ends(chance: float, at: float) -> None:
    """Between seven and nine tenths of its life, so that those that began together do not come back together."""
    it = sts(Fresh(value="a", seconds=1000), Fresh(value="b", seconds=1000))
    fetched = it.fetched(chance)
    fetched.get()
    it.now += at - 1
    before = [fetched.get(), len(it.asked)]
    it.now += 1
    fetched.get()

    assert (before, fetched.get(), len(it.asked)) == (["a", 1], "b", 2)


def test_what_could_not_be_renewed_is_used_until_its_end() -> None:
    """The failure is not repeated at once, and is everybody's only when nothing good is left."""
    failure = ValueError("no")
    it = sts(Fresh(value="a", seconds=1000), failure)
    fetched = it.fetched()
    fetched.get()
    it.now += 950
    kept = [fetched.get(), fetched.get()]
    it.now += 50
    with pytest.raises(ValueError, match="no"):
        fetched.get()

    assert (kept, len(it.asked)) == (["a", "a"], 3)


def test_a_failure_is_not_repeated_at_once() -> None:
    """Who asks meanwhile is told of it; the pauses double up to ten seconds, and a success ends them."""
    failure = ValueError("no")
    it = sts(*[failure] * 9, Fresh(value="a"))
    fetched = it.fetched()
    with pytest.raises(ValueError, match="no"):
        fetched.get()
    with pytest.raises(HeldOffError) as held:
        fetched.get()
    assert (held.value.kwargs["error"], str(held.value)) == (failure, "no")

    for _ in range(8 * int(LONGEST_PAUSE)):
        it.now += 1
        if len(it.asked) < 10:
            with pytest.raises((ValueError, HeldOffError)):
                fetched.get()
        if len(it.asked) == 9:
            break
    it.now += LONGEST_PAUSE
    assert fetched.get() == "a"
    waits = [later - sooner for sooner, later in zip(it.asked, it.asked[1:], strict=False)]
    assert waits == [1, 2, 4, 8, 10, 10, 10, 10, 10]


def test_a_failure_that_takes_long_is_seldom_tried() -> None:
    """It holds a thread, which is everybody's, for a sixth of the time at most."""
    it = sts(ValueError("no"))
    it.takes = 50
    fetched = it.fetched()
    for _ in range(600):
        it.now += 1
        with pytest.raises((ValueError, HeldOffError)):
            fetched.get()

    assert [later - sooner for sooner, later in zip(it.asked, it.asked[1:], strict=False)] == [300, 300]


def test_what_is_dropped_is_fetched_anew() -> None:
    """Unless another is kept already, or it is younger than that."""
    it = sts(Fresh(value="a"), Fresh(value="b"))
    fetched = it.fetched()
    fetched.get()
    fetched.drop("other")
    fetched.drop("a", older_than=60)
    kept = fetched.get()
    it.now += 60
    fetched.drop("a", older_than=60)

    assert (kept, fetched.get()) == ("a", "b")
    fetched.clear()
    assert (fetched.get(), len(it.asked)) == ("b", 3)


def test_one_thread_fetches_and_the_others_take_what_comes() -> None:
    """A herd becomes one call."""
    it = Sts([Fresh(value="a")])
    fetched = it.fetched()
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(fetched.get())) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert it.busy.wait(60)
    it.go.set()
    for thread in threads:
        thread.join(60)

    assert (got, len(it.asked)) == (["a"] * 4, 1)


def test_nobody_waits_for_long_while_another_fetches() -> None:
    """A thread is everybody's: once one has waited in vain, the others are sent away at once."""
    it = Sts([Fresh(value="a")])
    fetched = it.fetched(patience=0.1)
    first = threading.Thread(target=fetched.get)
    first.start()
    assert it.busy.wait(60)
    told = []
    for _ in range(50):
        with pytest.raises(CredentialRetrievalError) as error:
            fetched.get()
        told.append(str(error.value))
    it.go.set()
    first.join(60)

    assert set(told) == {"Error when retrieving credentials from sts: STS has not answered yet"}
    assert fetched.get() == "a"


def test_nobody_waits_for_what_has_failed_before() -> None:
    """While one thread finds out whether it has ended, the others are told what it failed with."""
    failure = ValueError("no")
    it = sts(failure)
    fetched = it.fetched(patience=3600)
    with pytest.raises(ValueError, match="no"):
        fetched.get()
    it.now += 10
    it.go.clear()
    it.busy.clear()

    def find_out() -> None:
        with pytest.raises(ValueError, match="no"):
            fetched.get()

    finding = threading.Thread(target=find_out)
    finding.start()
    assert it.busy.wait(60)
    with pytest.raises(HeldOffError) as held:
        fetched.get()
    it.go.set()
    finding.join(60)

    assert held.value.kwargs["error"] is failure


def test_credentials_in_use_go_on_while_one_thread_renews() -> None:
    """Nobody waits for what is not needed yet."""
    it = sts(Fresh(value="a", seconds=1000), Fresh(value="b", seconds=1000))
    fetched = it.fetched()
    fetched.get()
    it.go.clear()
    it.busy.clear()
    it.now += 950
    renewing = threading.Thread(target=fetched.get)
    renewing.start()
    assert it.busy.wait(60)
    meanwhile = fetched.get()
    it.go.set()
    renewing.join(60)

    assert (meanwhile, fetched.get()) == ("a", "b")
