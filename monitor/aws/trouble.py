"""What can be wrong with an account before it is asked, as botocore's exceptions: whoever asks takes those already."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError


class HeldOffError(BotoCoreError):
    """Not tried, because it failed a moment ago with *error*."""

    fmt = "{error}"


class WrongAccountError(BotoCoreError):
    """The credentials are those of another account than the one that is to be asked."""

    fmt = "the credentials of {name} are of account {found}, and {wanted} was to be asked"


class CredentialFileError(BotoCoreError):
    """The file of an external id or of a token cannot be read, or is empty."""

    fmt = "{setting} {problem}"
