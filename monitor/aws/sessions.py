"""How each account and region is asked: by clients that they share, on one copy of botocore's data."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import CredentialRetrievalError
from botocore.loaders import create_loader

from monitor.aws.asking import Asking, mark
from monitor.aws.attempts import Attempts
from monitor.aws.callers import Caller
from monitor.aws.clients import make_config
from monitor.aws.profiles import Profile
from monitor.aws.reach import Reach
from monitor.aws.sending import Sender
from monitor.aws.settings import AccountSettings, longest_call
from monitor.aws.trouble import WrongAccountError
from monitor.domain.account import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.aws.budget import Budgets
    from monitor.aws.observer import CallObserver
    from monitor.aws.settings import AwsSettings
    from monitor.domain.account import Place
    from monitor.domain.project import Project


TAGS: Final = "ListTagsForResource"
"""It has a quota of its own, of twice as many calls a second, and so a budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How one account and region is asked.

    Attributes:
        client: Asks with its credentials.
        attempts: What counts its attempts.
        place: Where it asks, with the id that STS said; of the process's own credentials, that of the project.
    """

    client: Asking
    attempts: Attempts
    place: Place


class Sessions:
    """Makes connections when they are first asked for, and keeps them; thread-safe.

    A client serves all accounts with one profile, region and kind of endpoint. AWS is asked under no lock but the
    account's own.
    """

    def __init__(self, settings: AwsSettings, budgets: Budgets, observer: CallObserver) -> None:
        self._settings = settings
        self._budgets = budgets
        self._observer = observer
        self._loader = create_loader()
        self._config = make_config(settings.connect_timeout, settings.read_timeout, connections=settings.workers)
        self._profiles: dict[str | None, Profile] = {}
        self._clients: dict[tuple[str | None, str, bool, bool], Any] = {}
        self._sender = Sender(
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            connections=settings.workers,
        )
        self._callers: dict[str, Caller] = {}
        self._connections: dict[tuple[str, str], Connection] = {}
        self._reaches: dict[tuple[str, bool, bool], Reach] = {}
        self._lock = threading.Lock()
        self.configure(settings.accounts)

    def configure(self, accounts: Iterable[AccountSettings]) -> None:
        """Ask as these *accounts* from now on, and as the process; those that are as they were go on undisturbed."""
        its = self._settings
        own = AccountSettings(
            name=OWN, profile=its.profile, regions=its.regions, fips=its.fips, dual_stack=its.dual_stack
        )
        wanted = {account.name: account for account in (own, *accounts)}
        with self._lock:
            kept = {name: caller for name, caller in self._callers.items() if wanted.get(name) == caller.settings}
            self._drop(self._callers.keys() - kept.keys())
            self._callers = {name: kept.get(name) or self._new_caller(account) for name, account in wanted.items()}

    def client(self, project: Project) -> Asking:
        """The client of the project's account and region. Raises what `connection` raises."""
        return self.connection(project).client

    def connection(self, project: Project) -> Connection:
        """The client of the project's account and region, with its counter; as `connection_at`."""
        made = self._connections.get((project.account, project.endpoint))
        if made is None:
            return self.connection_at(project.place)
        made.attempts.check()
        return made

    def connection_at(self, place: Place) -> Connection:
        """The client of *place*; where its account's id is not known, STS is asked for it.

        Raises botocore.exceptions.BotoCoreError, ClientError, ValueError or OSError when there is none: no credentials,
        no such profile, an address that is none, a role that is refused, another account than *place* says, a region
        that does not answer. What AWS was not asked for is not remembered: the next call looks again.
        """
        caller = self._caller(place.account)
        self._reach(caller, place.region).check()
        found = place
        if place.account != OWN or not place.account_id:
            found = _identified(place, caller.account_id())
        key = (place.account, found.endpoint)
        made = self._connections.get(key)
        if made is None:
            caller.credentials()  # may take its time, which it must not under the lock
            with self._lock:
                made = self._connections.get(key)
                if made is None and self._callers.get(place.account) is caller:
                    made = self._connections[key] = self._connect(caller, found)
        return made or self.connection_at(place)  # the file was read again meanwhile: as it says now

    def account_id(self, account: str) -> str:
        """The id of the account of this name, as STS says. Raises what `connection_at` raises."""
        return self._caller(account).account_id()

    def forget(self, connection: Connection) -> None:
        """Look for credentials anew at the next call, for all clients of the account: those of *connection* are no use.

        Does nothing when *connection* is not in use any more. botocore reads the credentials of a file or of the
        environment only once in the life of a session.
        """
        with self._lock:
            if connection not in self._connections.values():
                return
            caller = self._callers[connection.place.account]
            if caller.renewable is None:
                self._drop({connection.place.account})
        caller.forget()

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        with self._lock:
            clients, self._clients, self._connections, self._profiles = self._clients, {}, {}, {}
            self._callers = {name: self._new_caller(caller.settings) for name, caller in self._callers.items()}
        for client in clients.values():
            client.close()
        self._sender.close()

    def _drop(self, accounts: Iterable[str]) -> None:
        gone = frozenset(accounts)
        self._connections = {key: made for key, made in self._connections.items() if key[0] not in gone}

    def _new_caller(self, account: AccountSettings) -> Caller:
        if account.profile not in self._profiles:
            self._profiles[account.profile] = Profile(account.profile, self._loader, self._config)
        return Caller(
            account,
            self._profiles[account.profile],
            self._observer,
            sts_endpoint_url=self._settings.sts_endpoint_url,
            monotonic=time.monotonic,
            chance=random.random,
        )

    def _caller(self, account: str) -> Caller:
        caller = self._callers.get(account)
        if caller is None:  # a poll that began before the file was read again
            raise CredentialRetrievalError(provider=account, error_msg="the configuration has no such account")
        return caller

    def _reach(self, caller: Caller, region: str) -> Reach:
        """The region's, and of the same kind of endpoint there."""
        key = (region, caller.settings.fips, caller.settings.dual_stack)
        with self._lock:
            if key not in self._reaches:
                longest = longest_call(self._settings).total_seconds()
                self._reaches[key] = Reach(longest=longest, monotonic=time.monotonic)
            return self._reaches[key]

    def _connect(self, caller: Caller, place: Place) -> Connection:
        attempts = Attempts(
            account_id=place.account_id,
            region=place.region,
            budget=self._budgets.get(place.endpoint),
            budgets={TAGS: self._budgets.get(f"{place.endpoint}#{TAGS}")},
            credentials=caller.credentials(),
            observer=self._observer,
            renewable=caller.renewable,
            reach=self._reaches[place.region, caller.settings.fips, caller.settings.dual_stack],
        )
        attempts.tell_limit()
        return Connection(client=Asking(self._client(caller, place.region), attempts), attempts=attempts, place=place)

    def _client(self, caller: Caller, region: str) -> Any:
        its = caller.settings
        key = (its.profile, region, its.fips, its.dual_stack)
        if key not in self._clients:
            made = caller.profile.client(
                "rekognition", region, endpoint_url=self._settings.endpoint_url, config=caller.endpoints
            )
            mark(made.meta.events)
            self._sender.register(made.meta.events, ca_bundle=caller.profile.ca_bundle)
            self._clients[key] = made
        return self._clients[key]


def _identified(place: Place, account_id: str) -> Place:
    """*place* with the id of its account. Raises WrongAccountError when it is another one."""
    if place.account_id and place.account_id != account_id:
        name = f"the account {place.account}" if place.account else "the monitor itself"
        raise WrongAccountError(name=name, found=account_id, wanted=place.account_id)
    return replace(place, account_id=account_id)
