"""The boto3 session and its clients: one for each account and region, on one copy of botocore's data."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import NoCredentialsError
from botocore.loaders import create_loader

from monitor.aws.attempts import Attempts
from monitor.aws.clients import make_config, make_session

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

    from monitor.aws.budget import Budgets
    from monitor.aws.observer import CallObserver
    from monitor.aws.settings import AwsSettings
    from monitor.domain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A client and what counts its attempts."""

    client: RekognitionClient
    attempts: Attempts


class Sessions:
    """Makes clients when they are first asked for, and keeps them; thread-safe.

    Clients may be used by several threads, but not made by several: botocore's sessions are not thread-safe.
    """

    def __init__(self, settings: AwsSettings, budgets: Budgets, observer: CallObserver) -> None:
        self._settings = settings
        self._budgets = budgets
        self._observer = observer
        self._loader = create_loader()
        self._session: boto3.Session | None = None
        self._connections: dict[str, Connection] = {}
        self._lock = threading.Lock()

    def client(self, project: Project) -> RekognitionClient:
        """The client of the project's account and region. Raises what `connection` raises."""
        return self.connection(project).client

    def connection(self, project: Project) -> Connection:
        """The client of the project's account and region, with its counter.

        Raises botocore.exceptions.BotoCoreError, ValueError or OSError when none can be made: no credentials, no such
        profile, an address that is none. That is not remembered: the next call looks again.
        """
        with self._lock:
            if project.endpoint not in self._connections:
                self._connections[project.endpoint] = self._connect(project)
            return self._connections[project.endpoint]

    def forget(self, connection: Connection) -> None:
        """Look for credentials anew at the next call, for all clients: those of *connection* are of no use.

        Does nothing when *connection* is not in use any more. botocore reads the credentials of a file or of the
        environment only once in the life of a session.
        """
        with self._lock:
            if connection in self._connections.values():
                self._connections.clear()
                self._session = None

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        with self._lock:
            connections, self._connections, self._session = self._connections, {}, None
        for connection in connections.values():
            connection.client.close()

    def _connect(self, project: Project) -> Connection:
        self._session = self._session or self._new_session()
        credentials = self._session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        client = self._session.client(
            "rekognition", region_name=project.region, endpoint_url=self._settings.endpoint_url
        )
        attempts = Attempts(
            account_id=project.account_id,
            region=project.region,
            budget=self._budgets.get(project.endpoint),
            credentials=credentials,
            observer=self._observer,
        )
        attempts.register(client.meta.events)
        return Connection(client=client, attempts=attempts)

    def _new_session(self) -> boto3.Session:
        its = self._settings
        config = make_config(its.connect_timeout, its.read_timeout, connections=its.workers)
        return boto3.Session(botocore_session=make_session(its.profile, self._loader, config))
