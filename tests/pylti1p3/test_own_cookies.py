"""Cookie services and configurations that programs changed from within, since the old package gave no other way."""

from typing import Any

import pytest
from django.http import HttpResponse
from flask import Flask, Response

from lti_adapters.pylti1p3.contrib.django.cookie import DjangoCookieService
from lti_adapters.pylti1p3.contrib.flask import FlaskCookieService, FlaskRequest
from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.tool_config import ToolConfDict
from lti_core import claims as c
from tests.django.project import configure
from tests.good import ISSUER
from tests.pylti1p3.test_own_framework import Asked
from tests.pylti1p3.tool import ENTRY, Tool

configure()


class Lasting(FlaskCookieService):
    """Writes its cookies itself."""

    def update_response(self, response: Response) -> None:
        for key, cookie in self._cookie_data_to_set.items():
            response.set_cookie(key, str(cookie["value"]), max_age=cookie["exp"], secure=True, samesite="None")


class Told(DjangoCookieService):
    """Keeps them itself, and adds to what is written."""

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        self._cookie_data_to_set[self._get_key(name)] = {"value": value, "exp": exp}

    def update_response(self, response: Any) -> None:
        super().update_response(response)
        for key in self._cookie_data_to_set:
            response.cookies[key]["comment"] = "ours"


def set_by(service: Any, response: Any) -> Any:
    service.set_cookie("session-id", "1", 60)
    service.update_response(response)
    return response


def test_a_program_may_write_the_cookies_itself() -> None:
    [written] = set_by(Lasting(Asked({}, {})), Response()).headers.getlist("Set-Cookie")
    assert written.startswith("lti1p3-session-id=1; ")
    assert written.endswith("Max-Age=60; Secure; Path=/; SameSite=None")


def test_a_program_may_add_to_what_is_written() -> None:
    cookie = set_by(Told(Asked({}, {})), HttpResponse()).cookies["lti1p3-session-id"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["comment"]) == ("1", "60", "None", "ours")


@pytest.mark.parametrize("value", ["Zo\xeb", "\u65e5\u672c", 'a;b "c", d', ""])
def test_a_cookie_of_a_program_comes_back_as_it_was_in_flask(value: str) -> None:
    app = Flask(__name__)

    @app.route("/set")
    def set_it() -> Response:
        service, response = FlaskCookieService(FlaskRequest()), Response()
        service.set_cookie("name", value)
        service.update_response(response)
        return response

    @app.route("/get")
    def get_it() -> dict[str, str | None]:
        return {"value": FlaskCookieService(FlaskRequest()).get_cookie("name")}

    browser = app.test_client()
    browser.get("/set", base_url="https://tool.example")
    assert browser.get("/get", base_url="https://tool.example").json == {"value": value}


class Permissive(ToolConfDict):
    """All deployments are known."""

    def _get_deployment(self, iss_conf: dict[str, Any], deployment_id: str) -> Deployment:
        return Deployment().set_deployment_id(deployment_id)


def test_a_program_may_say_which_deployments_its_dict_knows() -> None:
    from tests.fakes import TOOL_PEM

    tool = Tool()
    tool.configuration = Permissive({ISSUER: dict(ENTRY)})
    tool.configuration.set_private_key(ISSUER, TOOL_PEM)
    assert "used" in tool.launched(**{c.DEPLOYMENT_ID: "dep-9"})
