"""The machine's AWS configuration, by profile: credentials as botocore finds them, and clients that have none.

A client is made for a region and kind of endpoint, not for an account: whoever asks brings the credentials along. So a
further account costs next to nothing, and connections are everybody's.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import botocore
from botocore.exceptions import NoCredentialsError

from monitor.aws.bounded import bound_time
from monitor.aws.clients import make_session
from monitor.aws.credentials import Given

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.credentials import Credentials, ReadOnlyCredentials
    from botocore.loaders import Loader
    from botocore.session import Session


class Profile:
    """One profile, or with None as its name what boto3's usual chain takes; thread-safe."""

    def __init__(self, name: str | None, loader: Loader, config: Config) -> None:
        """Nothing is read yet; *loader* has botocore's data, *config* is every client's."""
        self._name = name
        self._loader = loader
        self._config = config
        self._own: Session | None = None
        self._blank: Session | None = None
        self._finding = threading.Lock()  # credentials may have to be asked for, at the instance or container
        self._making = threading.Lock()  # botocore's sessions are not made for several threads

    @property
    def ca_bundle(self) -> str | None:
        """What the profile has for that setting."""
        found: str | None = self._session().get_config_variable("ca_bundle")
        return found

    def credentials(self) -> Credentials:
        """Those of the profile, which renew themselves where they can.

        Raises botocore.exceptions.BotoCoreError, ValueError or OSError when there are none, or no such profile.
        """
        with self._finding:
            if self._own is None:
                self._own = self._open()
            found = self._own.get_credentials()
        if found is None:
            raise NoCredentialsError
        return found

    def forget(self) -> None:
        """Read the files and the environment again, which botocore reads once in the life of a session."""
        with self._finding:
            self._own = None

    def client(
        self,
        service: str,
        region: str,
        *,
        endpoint_url: str | None,
        config: Config | None = None,
        signed_with: ReadOnlyCredentials | None = None,
    ) -> Any:
        """A client of *service*, which asks with *signed_with*, or with what each call brings along.

        Who asked for it closes it. Raises what `credentials` raises, but for want of them.
        """
        keys: dict[str, Any] = {}
        if signed_with is not None:
            keys = {
                "aws_access_key_id": signed_with.access_key,
                "aws_secret_access_key": signed_with.secret_key,
                "aws_session_token": signed_with.token,
            }
        session = self._session()
        with self._making:
            made = session.create_client(service, region_name=region, endpoint_url=endpoint_url, config=config, **keys)
        timeouts: Any = made.meta.config  # botocore-stubs know no settings of it
        bound_time(made, seconds=timeouts.read_timeout)
        return made

    def _session(self) -> Session:
        """The one that clients are made of: it looks for no credentials."""
        with self._making:
            if self._blank is None:
                session = self._open()
                session.register_component("credential_provider", Given(None))
                self._blank = session
            return self._blank

    def _open(self) -> Session:
        session = make_session(self._name, self._loader, self._config)
        session.user_agent_extra = f"Botocore/{botocore.__version__}"
        session.set_config_variable("sts_regional_endpoints", "regional")  # the global one is in us-east-1 alone
        return session
