"""As whom an account is asked: its session, its credentials, its id.

Nothing is asked before it is needed, and no lock is held but the account's own while AWS is.
"""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import botocore
from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError, CredentialRetrievalError, NoCredentialsError

from monitor.aws.clients import make_config, make_session
from monitor.aws.credentials import Given, RoleCredentials
from monitor.aws.fetching import Fetched, Fresh
from monitor.aws.sts_calls import StsCalls
from monitor.aws.trouble import CredentialFileError
from monitor.config.secret_files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.credentials import Credentials
    from botocore.loaders import Loader
    from botocore.session import Session

    from monitor.aws.observer import CallObserver
    from monitor.aws.settings import AccountSettings, AwsSettings

_HOMES: Final[Mapping[str, str]] = {"aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)


class Caller:
    """That of one account; thread-safe."""

    def __init__(
        self,
        account: AccountSettings,
        aws: AwsSettings,
        loader: Loader,
        observer: CallObserver,
        *,
        monotonic: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """Nothing is opened or asked yet; *loader* has botocore's data, and the rest is as in `Fetched`."""
        self.settings = account
        self._aws = aws
        self._loader = loader
        self._observer = observer
        self._config = _config(account, aws)
        self._fetched = Fetched(f"account {account.name}", self._assume, monotonic=monotonic, chance=chance)
        self._identity = Fetched(f"account {account.name}", self._identify, monotonic=monotonic, chance=chance)
        self._regions = account.regions or (_home(account.role_arn),)
        self._sts_region = 0
        self._sessions: dict[bool, Session] = {}
        self._lock = threading.Lock()

    @property
    def renewable(self) -> Fetched[ReadOnlyCredentials] | None:
        """The credentials of the role, which can be fetched anew at any time; None where there is no role."""
        return self._fetched if self.settings.role_arn else None

    def account_id(self) -> str:
        """The 12 digits, as STS says; asked once. Raises what asking STS raises."""
        return self._identity.get()

    def session(self) -> Session:
        """The session of the account's own credentials.

        Raises botocore.exceptions.BotoCoreError, ValueError or OSError when it has none, or no such profile.
        """
        return self._session(assumed=self.settings.role_arn is not None)

    def credentials(self) -> Credentials | RoleCredentials:
        """What signs for the account. Raises what `session` raises."""
        return self._found(self.session())

    def sts_client(self, session: Session, region: str, *, signed: bool = True) -> Any:
        """A client of the STS of *region*; who asked for it closes it."""
        with self._lock:
            client = session.create_client(
                "sts",
                region_name=region,
                endpoint_url=self._aws.sts_endpoint_url,
                config=None if signed else Config(signature_version=UNSIGNED),
            )
        account_id = self.settings.role_arn.split(":")[4] if self.settings.role_arn else ""
        StsCalls(account_id=account_id, region=region, observer=self._observer).register(client.meta.events)
        return client

    def forget(self) -> None:
        """Read the files and the environment again, which botocore reads once in the life of a session."""
        with self._lock:
            self._sessions.pop(False, None)
            if not self.settings.role_arn:
                self._identity.clear()

    def _session(self, *, assumed: bool) -> Session:
        with self._lock:
            if assumed not in self._sessions:
                self._sessions[assumed] = self._open(Given(RoleCredentials(self._fetched)) if assumed else None)
            return self._sessions[assumed]

    def _open(self, given: Given | None) -> Session:
        session = make_session(self.settings.profile, self._loader, self._config)
        session.user_agent_extra = f"Botocore/{botocore.__version__}"
        session.set_config_variable("sts_regional_endpoints", "regional")  # the global one is in us-east-1 alone
        if given is not None:
            session.register_component("credential_provider", given)
        return session

    def _found(self, session: Session) -> Credentials | RoleCredentials:
        """The chain's, which may have to ask the instance or container; the session keeps them."""
        with self._lock:
            found: Credentials | RoleCredentials | None = session.get_credentials()
        if found is None:
            raise NoCredentialsError
        return found

    def _assume(self) -> Fresh[ReadOnlyCredentials]:
        its = self.settings
        request: dict[str, Any] = {
            "RoleArn": its.role_arn,
            "RoleSessionName": its.session_name,
            "DurationSeconds": int(its.duration.total_seconds()),
        }
        if its.web_identity_token_file:
            token = _read("web_identity_token_file", its.web_identity_token_file)
            answer = self._ask("assume_role_with_web_identity", request | {"WebIdentityToken": token}, signed=False)
        else:
            external = _read("external_id_file", its.external_id_file) if its.external_id_file else None
            answer = self._ask("assume_role", request | ({"ExternalId": external} if external else {}))
        return _credentials(answer)

    def _identify(self) -> Fresh[str]:
        found = str(self._ask("get_caller_identity", {}, assumed=self.settings.role_arn is not None).get("Account"))
        if not _ACCOUNT.fullmatch(found):
            raise CredentialRetrievalError(provider="sts", error_msg="GetCallerIdentity named no account")
        return Fresh(value=found)

    def _ask(
        self, method: str, request: Mapping[str, Any], *, signed: bool = True, assumed: bool = False
    ) -> Mapping[str, Any]:
        """Ask STS in the next region of the account when the one before did not answer."""
        number = self._sts_region
        region = self._regions[number % len(self._regions)]
        session = self._session(assumed=assumed) if signed else self._open(Given(None))
        if signed:
            self._found(session)
        client = self.sts_client(session, region, signed=signed)
        try:
            answer: Mapping[str, Any] = getattr(client, method)(**request)
        except ClientError:
            raise
        except Exception:
            self._sts_region = number + 1  # once, also where a role had to be assumed to sign this
            raise
        finally:
            client.close()
        return answer


def _home(role_arn: str | None) -> str:
    """Where STS is asked when the configuration names no region of the account."""
    partition = role_arn.split(":")[1] if role_arn else "aws"
    return _HOMES.get(partition, "us-east-1")


def _config(account: AccountSettings, aws: AwsSettings) -> Config:
    config = make_config(aws.connect_timeout, aws.read_timeout, connections=aws.workers)
    wanted = {"use_fips_endpoint": account.fips, "use_dualstack_endpoint": account.dual_stack}
    return config.merge(Config(**{name: True for name, on in wanted.items() if on}))  # type: ignore[arg-type]


def _read(setting: str, path: str) -> str:
    try:
        return read_file(path)
    except ValueError as error:
        raise CredentialFileError(setting=setting, problem=str(error)) from None


def _credentials(answer: Mapping[str, Any]) -> Fresh[ReadOnlyCredentials]:
    given = answer.get("Credentials", {})
    try:
        found = ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        seconds = (given["Expiration"].astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (KeyError, AttributeError):
        raise CredentialRetrievalError(provider="sts", error_msg="the answer holds no credentials") from None
    return Fresh(value=found, seconds=seconds)
