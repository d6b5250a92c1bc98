"""Makes clients of AWS's services: on one copy of botocore's data, with our time-outs, for a role if there is one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import NoCredentialsError
from botocore.loaders import create_loader

from monitor import __version__
from monitor.aws.bounded import bound_answers
from monitor.aws.responses import ParserFactory
from monitor.aws.settings import ATTEMPTS
from monitor.config.secret_files import read_file

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from botocore.credentials import Credentials
    from botocore.loaders import Loader


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role to assume.

    Attributes:
        session_name: What CloudTrail shows for the session.
        external_id_file: Holds the external id that the role's trust policy asks for; None where it asks for none.
    """

    arn: str
    session_name: str
    external_id_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """Which client is wanted.

    Attributes:
        service: botocore's name of it.
        endpoint_url: Where to ask; None leaves it to botocore (AWS_ENDPOINT_URL, the profile, the region).
        profile: Of the AWS configuration files; None leaves it to botocore (AWS_PROFILE).
        role: Assumed with the credentials that the profile gives; None does without.
        connections: Calls at the same time.
    """

    service: str
    region: str
    endpoint_url: str | None = None
    profile: str | None = None
    role: Role | None = None
    connections: int = 1


class ExternalIdError(Exception):
    """The file of an external id cannot be read, or holds none; says what to do."""


class Clients:
    """Makes clients; any thread may call it. Nothing is kept: each client has its own session, and so credentials."""

    def __init__(self, *, connect_timeout: timedelta, read_timeout: timedelta) -> None:
        self._timeouts = (connect_timeout, read_timeout)
        self._loader = create_loader()
        self._lock = threading.Lock()  # botocore's sessions, and what they share, are not made for several threads

    def make(self, settings: ClientSettings) -> Any:
        """A client; who asked for it closes it.

        Raises ExternalIdError, botocore.exceptions.BotoCoreError, ValueError or OSError when none can be made.
        """
        config = make_config(*self._timeouts, connections=settings.connections)
        with self._lock:
            session = make_session(settings.profile, self._loader, config)
            credentials = session.get_credentials()
            if credentials is None:
                raise NoCredentialsError
            if settings.role is not None:
                assumed = _assume(settings.role, session, credentials, settings.region)
                session = make_session(settings.profile, self._loader, config)
                session.register_component("credential_provider", _Given(assumed))
            client = boto3.Session(botocore_session=session).client(
                settings.service,  # type: ignore[call-overload] # the stubs know Rekognition only
                region_name=settings.region,
                endpoint_url=settings.endpoint_url,
            )
        bound_answers(client, seconds=self._timeouts[1].total_seconds())
        return client


def make_session(profile: str | None, loader: Loader, config: Config) -> botocore.session.Session:
    """A session on the *loader*'s copy of botocore's data: without a shared one it costs 9 MiB, with it 0.6 MiB."""
    session = botocore.session.Session(profile=profile)
    session.register_component("data_loader", loader)
    session.register_component("response_parser_factory", ParserFactory())
    session.set_default_client_config(config)  # also for the calls that botocore makes for credentials
    return session


def make_config(connect_timeout: timedelta, read_timeout: timedelta, *, connections: int) -> Config:
    """How every client calls; *connections* at the same time are kept."""
    return Config(
        connect_timeout=connect_timeout.total_seconds(),
        read_timeout=read_timeout.total_seconds(),
        # The standard mode waits 50 ms before it tries again, 1 s after throttling, and has a quota of retries; the
        # legacy one, botocore's default, makes five attempts.
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=connections,
        # The requests are put together by us of what was parsed, constants and AWS's own tokens.
        parameter_validation=False,
        # botocore's own is put together anew twice a call, which is a tenth of what a call costs.
        user_agent=f"rekognition-monitor/{__version__} Boto3/{boto3.__version__}",
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """botocore's component that finds credentials, when they were found already."""

    credentials: Credentials

    def load_credentials(self) -> Credentials:
        return self.credentials


def _assume(role: Role, session: botocore.session.Session, source: Credentials, region: str) -> Credentials:
    """Credentials that assume *role* when they are first needed, and again before they expire. Asks nobody yet."""
    fetcher = AssumeRoleCredentialFetcher(
        partial(_open_sts, session, region),
        source,
        role.arn,
        extra_args={"RoleSessionName": role.session_name, **_external_id(role)},
    )
    return DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")


def _open_sts(session: botocore.session.Session, region: str, service: Literal["sts"], **named: Any) -> Any:
    client: Any = session.create_client(service, region_name=region, **named)
    bound_answers(client, seconds=client.meta.config.read_timeout)
    return client


def _external_id(role: Role) -> dict[str, str]:
    if role.external_id_file is None:
        return {}
    try:
        return {"ExternalId": read_file(str(role.external_id_file))}
    except ValueError as error:
        raise ExternalIdError(f"external_id_file {error}") from None
