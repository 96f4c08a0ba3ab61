"""Logins that a program changed by subclassing: what they find under the names that the old package had."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from lti_adapters.pylti1p3.exception import OIDCException
from lti_adapters.pylti1p3.session import SessionService
from tests.pylti1p3.test_own_framework import Asked, Cookies, Launch, Login
from tests.pylti1p3.tool import Tool, configuration


class Loose:
    """A request and the cookies of its answer, in one, and without any inheritance."""

    def __init__(self, params: dict[str, str]) -> None:
        self.get_param, self.session, self.kept = params.get, dict[str, Any](), dict[str, str]()

    def is_secure(self) -> bool:
        return True

    def get_cookie(self, name: str) -> str | None:
        return self.kept.get(name)

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        self.kept[name] = str(value)


class OwnPage(Login):
    """Shows a page of its own, in words that the page is told."""

    _cookies_check_loading_text = "One moment"

    def get_cookies_allowed_js_check(self) -> str:
        shown = (self._cookies_unavailable_msg_main_text, self._cookies_check_loading_text)
        return escape("|".join([*shown, self._get_request_param("iss") or ""]))


class Trimming(Login):
    """The platform sends blanks."""

    def _get_request_param(self, key: str) -> str | None:
        found = super()._get_request_param(key)
        return found and found.strip()


def begun(kind: type[Login], params: dict[str, str]) -> Login:
    asked = Asked(params, {})
    return kind(asked, configuration(), SessionService(asked), Cookies({}))


def test_a_program_may_have_its_own_page_that_looks_for_cookies() -> None:
    login = begun(OwnPage, {"iss": "https://lms.example"})
    assert (
        login.enable_check_cookies(main_msg="No cookies").redirect("x") == "No cookies|One moment|https://lms.example"
    )


def test_half_a_character_is_refused_before_the_page_is_shown() -> None:
    login = begun(Login, {"iss": "https://lms.example", "login_hint": "\ud800", "client_id": "tool-1"})
    with pytest.raises(OIDCException, match="not whole characters"):
        login.enable_check_cookies().redirect("https://tool.example/launch")


def test_a_program_may_read_the_parameters_of_a_login_in_its_own_way() -> None:
    login = begun(Trimming, {"iss": " https://lms.example ", "login_hint": " h ", "client_id": "tool-1 "})
    assert "login_hint=h&" in login.redirect("https://tool.example/launch")


def test_what_a_program_reads_otherwise_still_leads_to_the_host_that_was_asked_only() -> None:
    class Hosted(Asked):
        def get_host(self) -> str:
            return "tool.example"

    for sent in ("https://evil.example/launch", " https://evil.example/launch"):
        params = {"iss": "https://lms.example", "login_hint": "h", "client_id": "tool-1", "target_link_uri": sent}
        asked = Hosted(params, {})
        login = Trimming(asked, configuration(), SessionService(asked), Cookies({}))
        for url in (sent, sent.strip()):
            with pytest.raises(OIDCException, match="no address of this tool"):
                login.redirect(url)


def test_an_adapter_need_not_inherit_anything() -> None:
    url = "https://tool.example/launch"
    params = {"iss": "https://lms.example", "login_hint": "h", "client_id": "tool-1", "target_link_uri": url}
    asked: Any = Loose(params)
    location = Login(asked, configuration(), SessionService(asked), asked).redirect(url)
    sent = dict(parse_qsl(urlsplit(location).query))
    answered: Any = Loose(Tool().form(sent))
    answered.kept = asked.kept
    launch = Launch(answered, configuration(), SessionService(answered), answered)
    assert launch.get_launch_data()["sub"] == "u-42"
