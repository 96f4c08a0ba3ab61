"""Every refusal is an `LtiError`: tell causes apart by `code`, kinds by class."""

from collections.abc import Mapping

from attrs import field, frozen


@frozen(eq=False)
class LtiError(Exception):
    """Something refused, or not possible. Catch this one, or a kind of it; tell causes apart by `code`.

    `code` is dotted, listed in docs/errors.md and never changes its meaning: logs, tests and programs rely on it.
    `message` is a sentence for a person. `spec` names the section that demands it. `expected` and `found` are for
    the error page: they are shown escaped and cut, and never hold a token, a secret or a name.
    """

    code: str
    message: str
    spec: str = ""
    expected: object = None
    found: object = None

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class LoginRefused(LtiError):
    """This login initiation must not be followed. Answer 4xx."""


@frozen(eq=False)
class LaunchRefused(LtiError):
    """This launch must not be trusted. Answer 4xx.

    Attributes:
        return_url: leads back to the course; it is there only when the platform's signature was good.
        claims: what the platform sent, of a message type that this tool does not handle; only when its signature was
            good. They are never shown.
        platform_says: the platform's own words for its refusal, cut; shown escaped, and never logged.
    """

    return_url: str | None = None
    claims: Mapping[str, object] | None = field(default=None, repr=False)
    platform_says: str = field(default="", repr=False)


class AccessRefused(LtiError):
    """The launch is good, but does not allow what was asked for with it. Answer 403."""


@frozen(eq=False)
class ServiceFailed(LtiError):
    """A platform did not answer, or refused, a request that this tool made. Answer 502.

    Attributes:
        status: of the platform's answer; None when there was none.
        platform_says: the platform's own words, cut, without tokens and personal data.
        remedy: what to do, or what to ask the platform's administrator for.
        not_sent: the platform surely did not get the request.
    """

    status: int | None = None
    platform_says: str = ""
    remedy: str = ""
    not_sent: bool = False

    def __str__(self) -> str:
        parts = (self.message, self.remedy, f"The platform says: {self.platform_says}" if self.platform_says else "")
        return f"{' '.join(filter(None, parts))} [{self.code}]"


class InvalidValue(LtiError):
    """A value that this tool wanted to send cannot be sent."""


class StorageFailed(LtiError):
    """A store did not answer. Answer 503, and accept nothing meanwhile."""


class ConfigurationError(LtiError):
    """The tool is set up in a way that cannot work. The message says what to write instead."""
