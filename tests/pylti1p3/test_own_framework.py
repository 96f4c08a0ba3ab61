"""A framework of the program's own, over nothing but the abstract classes that the old package had."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from lti_adapters.pylti1p3 import validation
from lti_adapters.pylti1p3.contrib.django.cookie import DjangoCookieService
from lti_adapters.pylti1p3.contrib.django.request import adapted
from lti_adapters.pylti1p3.contrib.flask.cookie import FlaskCookieService
from lti_adapters.pylti1p3.cookie import CookieService
from lti_adapters.pylti1p3.exception import LtiException, OIDCException
from lti_adapters.pylti1p3.message_launch import COOK, REQ, SES, TCONF, MessageLaunch
from lti_adapters.pylti1p3.oidc_login import OIDCLogin
from lti_adapters.pylti1p3.parts import CLOCK
from lti_adapters.pylti1p3.redirect import Redirect
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.session import SessionService
from lti_storage.memory import MemoryNonces
from tests.good import CLIENT_ID, ISSUER
from tests.pylti1p3.tool import LAUNCH_URL, Tool, configuration


class Asked(Request):
    def __init__(self, params: dict[str, str], session: dict[str, Any]) -> None:
        self._params, self._session = params, session

    @property
    def session(self) -> dict[str, Any]:
        return self._session

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str | None:
        return self._params.get(key)


class Cookies(CookieService):
    def __init__(self, jar: dict[str, str]) -> None:
        self._jar = jar

    def get_cookie(self, name: str) -> str | None:
        return self._jar.get(f"{self._cookie_prefix}-{name}")

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        self._jar[f"{self._cookie_prefix}-{name}"] = str(value)


def test_a_frameworks_cookies_work_over_a_request_that_does_not_tell_their_names() -> None:
    services: list[Any] = [FlaskCookieService, DjangoCookieService]
    assert [list(service(Asked({}, {})).get_cookie_names()) for service in services] == [[], []]


class Way(Redirect[str]):
    def __init__(self, location: str) -> None:
        self._location = location

    def do_redirect(self) -> str:
        return self._location

    def do_js_redirect(self) -> str:
        return self._location

    def set_redirect_url(self, location: str) -> None:
        self._location = location

    def get_redirect_url(self) -> str:
        return self._location


class Login(OIDCLogin[Asked, Any, SessionService, Cookies, str]):
    def get_redirect(self, url: str) -> Way:
        return Way(url)

    def get_response(self, html: str) -> str:
        return html


class Launch(MessageLaunch[Asked, Any, SessionService, Cookies]):
    def _get_request_param(self, key: str) -> str | None:
        return self._request.get_param(key)


def begun(session: dict[str, Any], jar: dict[str, str]) -> dict[str, str]:
    asked = Asked({"iss": ISSUER, "login_hint": "h", "client_id": CLIENT_ID}, session)
    location = Login(asked, configuration(), SessionService(asked), Cookies(jar)).redirect(LAUNCH_URL)
    return dict(parse_qsl(urlsplit(location).query))


def test_it_logs_in_launches_and_opens_the_launch_again() -> None:
    session: dict[str, Any] = {}
    jar: dict[str, str] = {}
    asked = Asked(Tool().form(begun(session, jar)), session)
    launch = Launch(asked, configuration(), SessionService(asked), Cookies(jar))
    assert launch.get_launch_data()["sub"] == "u-42"
    later = Asked({}, session)
    again = Launch.from_cache(launch.get_launch_id(), later, configuration(), SessionService(later), Cookies(jar))
    assert again.get_launch_data() == launch.get_launch_data()


def test_a_launch_without_its_cookie_is_refused() -> None:
    session: dict[str, Any] = {}
    asked = Asked(Tool().form(begun(session, {})), session)
    with pytest.raises(LtiException, match=r"^State not found"):
        Launch(asked, configuration(), SessionService(asked), Cookies({})).validate()


def test_a_login_that_is_refused_is_caught_by_either_class() -> None:
    asked = Asked({"iss": ISSUER}, {})
    login = Login(asked, configuration(), SessionService(asked), Cookies({}))
    for kind in (OIDCException, LtiException):
        with pytest.raises(kind, match="Could not find login hint"):
            login.redirect(LAUNCH_URL)
    with pytest.raises(OIDCException, match="No launch URL configured"):
        login.redirect("")


def test_a_launch_needs_its_services() -> None:
    with pytest.raises(LtiException):
        Launch(Asked({}, {}), configuration())


class Generic(MessageLaunch[REQ, TCONF, SES, COOK]):
    """Over any framework: the type variables are imported from where the old package had them."""

    def _get_request_param(self, key: str) -> str | None:
        return self._request.get_param(key)


def test_a_program_may_share_code_between_frameworks() -> None:
    session: dict[str, Any] = {}
    jar: dict[str, str] = {}
    asked = Asked(Tool().form(begun(session, jar)), session)
    assert Generic(asked, configuration(), SessionService(asked), Cookies(jar)).get_launch_data()["sub"] == "u-42"


class Rows(SessionService):
    """Keeps everything in its own way, and so does not call the `__init__` that it inherits."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def get_launch_data(self, key: str) -> Any:
        return self.kept.get(f"launch {key}")

    def save_launch_data(self, key: str, jwt_body: dict[str, Any]) -> None:
        self.kept[f"launch {key}"] = jwt_body


class Loose:
    """The same, without any inheritance."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    get_launch_data, save_launch_data = Rows.get_launch_data, Rows.save_launch_data


class Stored(Loose):
    """And with a storage."""

    def __init__(self) -> None:
        super().__init__()
        self.data_storage = self.kept


@pytest.mark.parametrize("kind", [Rows, Loose, Stored])
def test_a_session_service_of_the_programs_own_keeps_launches_and_that_they_were_used(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar: dict[str, str] = {}
    service, asked = kind(), Asked(Tool().form(begun({}, jar)), {})
    launch = Launch(asked, configuration(), service, Cookies(jar)).validate()
    again = Launch.from_cache(launch.get_launch_id(), Asked({}, {}), configuration(), service, Cookies(jar))
    assert again.get_launch_data()["sub"] == "u-42"
    monkeypatch.setattr(validation, "NONCES", MemoryNonces(CLOCK))  # as another process has it
    with pytest.raises(LtiException, match=r"^Invalid Nonce"):
        Launch(asked, configuration(), service, Cookies(jar)).validate()
    marks = [key.removeprefix("launch ") for key in service.kept if "nonce" in key]
    assert len(marks) == 1
    with pytest.raises(LtiException, match='"iss" is empty'):
        Launch.from_cache(marks[0], Asked({}, {}), configuration(), service, Cookies(jar))


class Remembering(Asked):
    """Keeps what was used up with the framework's request, here its parameters."""

    @property
    def used_launches(self) -> set[str]:
        return self._session.setdefault("of this request", set())


def test_a_framework_may_say_what_one_request_is_while_which_a_launch_is_validated_again() -> None:
    jar: dict[str, str] = {}
    form = Tool().form(begun({}, jar))

    def validated(asked: Request) -> Any:
        return Launch(asked, configuration(), SessionService(asked), Cookies(jar)).validate().get_launch_data()["sub"]

    request: dict[str, Any] = {}
    assert [validated(Remembering(form, request)) for _ in range(2)] == ["u-42", "u-42"]
    for another in (Remembering(form, {}), Asked(form, {})):
        with pytest.raises(LtiException, match=r"^Invalid Nonce"):
            validated(another)


def test_an_adapter_that_stays_is_no_request() -> None:
    jar: dict[str, str] = {}
    asked = Asked(Tool().form(begun({}, jar)), {})
    Launch(asked, configuration(), SessionService(asked), Cookies(jar)).validate()
    with pytest.raises(LtiException, match=r"^Invalid Nonce"):
        Launch(asked, configuration(), SessionService(asked), Cookies(jar)).validate()


class Prefixed(SessionService):
    """Makes its keys itself, of the prefix that it inherits."""

    def get_launch_data(self, key: str) -> Any:
        return self.data_storage.get_value(f"{self._session_prefix}-own-{key}")

    def save_launch_data(self, key: str, jwt_body: dict[str, Any]) -> None:
        self.data_storage.set_value(f"{self._session_prefix}-own-{key}", jwt_body)


def test_a_session_service_may_make_its_own_keys() -> None:
    session: dict[str, Any] = {}
    service = Prefixed(Asked({}, session))
    service.save_launch_data("1", {"sub": "u"})
    assert service.get_launch_data("1") == {"sub": "u"}
    assert "lti1p3-own-1" in session


class Exact(Launch):
    """Has the parameters of a good launch in a dict, and asks for nothing else."""

    def _get_request_param(self, key: str) -> str | None:
        return self._request._params[key]


def test_an_adapter_may_know_the_parameters_of_a_good_launch_only() -> None:
    jar: dict[str, str] = {}
    asked = Asked(Tool().form(begun({}, jar)), {})
    assert Exact(asked, configuration(), SessionService(asked), Cookies(jar)).get_launch_data()["sub"] == "u-42"
    with pytest.raises(LtiException, match="Missing state param"):
        Exact(Asked({}, {}), configuration(), SessionService(asked), Cookies(jar)).validate()


class OfRest:
    """As the request of Django REST framework: around Django's, and no subclass of it."""

    def __init__(self, request: Any) -> None:
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


def test_a_request_around_djangos_is_taken_for_djangos() -> None:
    inner = SimpleNamespace(GET={"a": "1"}, POST={"a": "2"}, COOKIES={"c": "3"}, session={}, is_secure=lambda: True)
    of_login, of_launch = adapted(OfRest(inner)), adapted(OfRest(inner), post_only=True)
    assert (of_login.get_param("a"), of_launch.get_param("a")) == ("1", "2")
    assert (of_launch.get_cookie("c"), of_launch.is_secure(), of_launch.get_host()) == ("3", True, None)
    own = Asked({}, {})
    assert adapted(own) is own
