"""As whom an account is asked: its credentials and its id.

Nothing is asked before it is needed, and no lock is held but the account's own while AWS is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError, CredentialRetrievalError

from monitor.aws.credentials import RoleCredentials
from monitor.aws.fetching import Fetched, Fresh
from monitor.aws.sts_calls import StsCalls
from monitor.aws.trouble import CredentialFileError
from monitor.config.secret_files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.credentials import Credentials

    from monitor.aws.observer import CallObserver
    from monitor.aws.profiles import Profile
    from monitor.aws.settings import AccountSettings

_HOMES: Final[Mapping[str, str]] = {"aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)


class Caller:
    """That of one account; thread-safe."""

    def __init__(
        self,
        account: AccountSettings,
        profile: Profile,
        observer: CallObserver,
        *,
        sts_endpoint_url: str | None,
        monotonic: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """Nothing is opened or asked yet.

        Args:
            account: Its settings.
            profile: Its credentials, or those that assume its role.
            observer: What counts the calls.
            sts_endpoint_url: Where STS is asked; None leaves it to botocore.
            monotonic: Seconds.
            chance: A number from 0 to 1, another one each time.
        """
        self.settings = account
        self.profile = profile
        self._observer = observer
        self._sts_endpoint_url = sts_endpoint_url
        self._fetched = Fetched(f"account {account.name}", self._assume, monotonic=monotonic, chance=chance)
        self._identity = Fetched(f"account {account.name}", self._identify, monotonic=monotonic, chance=chance)
        self._regions = account.regions or (_home(account.role_arn),)
        self._sts_region = 0

    @property
    def renewable(self) -> Fetched[ReadOnlyCredentials] | None:
        """The credentials of the role, which can be fetched anew at any time; None where there is no role."""
        return self._fetched if self.settings.role_arn else None

    @property
    def endpoints(self) -> Config | None:
        """The kind of endpoints, as botocore takes it; None for the usual ones."""
        wanted = {"use_fips_endpoint": self.settings.fips, "use_dualstack_endpoint": self.settings.dual_stack}
        chosen: dict[str, Any] = {name: True for name, on in wanted.items() if on}
        return Config(**chosen) if chosen else None

    def account_id(self) -> str:
        """The 12 digits, as STS says; asked once. Raises what asking STS raises."""
        return self._identity.get()

    def credentials(self) -> Credentials | RoleCredentials:
        """What signs for the account.

        Raises botocore.exceptions.BotoCoreError, ValueError or OSError when it has none, or no such profile.
        """
        return RoleCredentials(self._fetched) if self.settings.role_arn else self.profile.credentials()

    def forget(self) -> None:
        """Read the files and the environment again."""
        self.profile.forget()
        if not self.settings.role_arn:
            self._identity.clear()

    def sts_client(self, region: str, signed_with: ReadOnlyCredentials | None) -> Any:
        """A client of the STS of *region*, which signs nothing when it has nothing to sign with."""
        kind = self.endpoints or Config()
        if signed_with is None:
            kind = kind.merge(Config(signature_version=UNSIGNED))
        client = self.profile.client(
            "sts", region, endpoint_url=self._sts_endpoint_url, config=kind, signed_with=signed_with
        )
        account_id = self.settings.role_arn.split(":")[4] if self.settings.role_arn else ""
        StsCalls(account_id=account_id, region=region, observer=self._observer).register(client.meta.events)
        return client

    def _assume(self) -> Fresh[ReadOnlyCredentials]:
        its = self.settings
        request: dict[str, Any] = {
            "RoleArn": its.role_arn,
            "RoleSessionName": its.session_name,
            "DurationSeconds": int(its.duration.total_seconds()),
        }
        if its.web_identity_token_file:
            token = _read("web_identity_token_file", its.web_identity_token_file)
            return _credentials(self._ask("assume_role_with_web_identity", request | {"WebIdentityToken": token}, None))
        if its.external_id_file:
            request |= {"ExternalId": _read("external_id_file", its.external_id_file)}
        return _credentials(self._ask("assume_role", request, self.profile.credentials().get_frozen_credentials()))

    def _identify(self) -> Fresh[str]:
        answer = self._ask("get_caller_identity", {}, self.credentials().get_frozen_credentials())
        found = str(answer.get("Account"))
        if not _ACCOUNT.fullmatch(found):
            raise CredentialRetrievalError(provider="sts", error_msg="GetCallerIdentity named no account")
        return Fresh(value=found)

    def _ask(
        self, method: str, request: Mapping[str, Any], signed_with: ReadOnlyCredentials | None
    ) -> Mapping[str, Any]:
        """Ask STS; where a region does not answer, the next time in the next one."""
        client = self.sts_client(self._regions[self._sts_region % len(self._regions)], signed_with)
        try:
            answer: Mapping[str, Any] = getattr(client, method)(**request)
        except ClientError:
            raise
        except Exception:
            self._sts_region += 1
            raise
        finally:
            client.close()
        return answer


def _home(role_arn: str | None) -> str:
    """Where STS is asked when the configuration names no region of the account."""
    partition = role_arn.split(":")[1] if role_arn else "aws"
    return _HOMES.get(partition, "us-east-1")


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
