"""Programs implement as much of an interface as they use, in classes of whatever kind."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch
from lti_adapters.pylti1p3.cookie import CookieService
from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.oidc_login import OIDCLogin
from lti_adapters.pylti1p3.redirect import Redirect
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.session import SessionService
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract
from tests.good import CLIENT_ID, ISSUER
from tests.pylti1p3.test_own_framework import Asked, Cookies, Way
from tests.pylti1p3.tool import LAUNCH_URL, Tool, configuration


class Listed(type):
    """A metaclass, as those of models are."""


class OneClient(ToolConfAbstract[Any], metaclass=Listed):
    """Each platform knows this tool by one client id: the finders for many are never asked."""

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        return configuration().find_registration_by_params(iss, CLIENT_ID)

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        return configuration().find_deployment_by_params(iss, deployment_id, CLIENT_ID)


def test_a_configuration_may_have_the_finders_only_that_are_asked() -> None:
    tool = Tool()
    tool.configuration = OneClient()  # type: ignore[abstract,assignment]
    assert tool.launched()["used"]["sub"] == "u-42"


class Leading(OIDCLogin[Asked, Any, SessionService, Cookies, str]):
    """Never shows a page."""

    def get_redirect(self, url: str) -> Way:
        return Way(url)


def test_a_login_need_not_show_pages() -> None:
    asked = Asked({"iss": ISSUER, "login_hint": "h", "client_id": CLIENT_ID}, {})
    login = Leading(asked, configuration(), SessionService(asked), Cookies({}))  # type: ignore[abstract]
    assert login.redirect(LAUNCH_URL).startswith("https://lms.example/auth?")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Request().get_param("x"),
        lambda: CookieService().get_cookie("x"),
        lambda: Redirect().do_redirect(),
        lambda: LaunchDataStorage().get_value("x"),
        lambda: ToolConfAbstract().find_deployment("x", "y"),
    ],
)
def test_what_was_not_implemented_says_so_when_it_is_asked(ask: Callable[[], Any]) -> None:
    with pytest.raises(NotImplementedError):
        ask()


def test_a_launch_of_any_request_can_be_made_up() -> None:
    launch = FlaskMessageLaunch(Request(), configuration(), SessionService(Request()), CookieService())  # type: ignore
    claims = {"sub": "u"}
    assert launch.set_auto_validation(False).set_jwt({"header": {}, "body": claims}).get_launch_data() == claims
