"""What is raised: the three classes that programs catch, and kinds of them that say more."""

import sys
from functools import cache
from typing import Any, TypeVar, cast

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
_NO_ANSWER = {"http.unreachable": "ConnectionError", "http.timeout": "Timeout"}  # in `requests`


def launch_exception(text: str, error: LtiError | None = None) -> LtiException:
    """The old sentence, and behind it what this library says.

    Where nobody answered it is also what `requests` raises then, if that library is loaded: programs catch that.
    """
    theirs = getattr(sys.modules.get("requests"), _NO_ANSWER.get(error.code, ""), None) if error else None
    return _explained(LtiException if theirs is None else _also(theirs), text, error)


@cache
def _also(theirs: type[Exception]) -> type[LtiException]:
    members = {"__module__": __name__, "__doc__": "Nobody answered.", "__reduce__": _plain}
    return cast(type[LtiException], type("NoAnswer", (LtiException, theirs), members))


def _plain(error: LtiException) -> tuple[Any, ...]:
    """A class that is made while a program runs is not found by the process that a task's failure is sent to."""
    return LtiException, error.args, {"code": error.code}


def login_exception(text: str, error: LtiError | None = None) -> LoginException:
    """The same for a login."""
    return _explained(LoginException, text, error)


def _explained(kind: type[Kind], text: str, error: LtiError | None) -> Kind:
    made = kind(text if error is None else f"{text}: {error}")
    made.code = "" if error is None else error.code
    return made


OIDC_Exception = OIDCException  # as the old package's README calls it
