"""What is raised: the three classes that programs catch, and kinds of them that say more."""

from typing import Any, TypeVar

from lti_core.errors import LtiError


class LtiException(Exception):
    """Something in a launch or at a service was refused.

    Attributes:
        code: of this library (docs/errors.md), as `launch.nonce_used`; empty where there is none.
    """

    code = ""


class OIDCException(Exception):
    """A login was refused."""

    code = ""


class LoginException(OIDCException, LtiException):
    """A login was refused; whoever catches either of the two gets it."""


class LtiServiceException(LtiException):
    """A platform's service, or its token endpoint, answered with an error.

    Args:
        response: with `status_code`, `text`, `url`, `headers` and `json()`, as of a `requests.Response`.
    """

    def __init__(self, response: Any) -> None:
        super().__init__(f"HTTP response [{response.url}]: {response.status_code} - {response.text}")
        self.response = response


class ConfigException(LtiException):
    """The configuration of the tool cannot work, or does not know what was asked for."""


Kind = TypeVar("Kind", bound=LtiException)


def launch_exception(text: str, error: LtiError | None = None) -> LtiException:
    """The old sentence, and behind it what this library says."""
    return _explained(LtiException, text, error)


def login_exception(text: str, error: LtiError | None = None) -> LoginException:
    """The same for a login."""
    return _explained(LoginException, text, error)


def _explained(kind: type[Kind], text: str, error: LtiError | None) -> Kind:
    made = kind(text if error is None else f"{text}: {error}")
    made.code = "" if error is None else error.code
    return made


OIDC_Exception = OIDCException  # as the old package's README calls it
