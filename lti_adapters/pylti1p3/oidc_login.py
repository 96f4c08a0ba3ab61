"""OIDCLogin: answers a platform's login initiation. Inherit it to use a framework of your own."""

from abc import abstractmethod
from typing import Any, Generic, Self, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from lti_adapters.pylti1p3.actions import Action
from lti_adapters.pylti1p3.cookie import CookieService, takes_secure_cookies
from lti_adapters.pylti1p3.cookies_allowed_check import NEW_WINDOW, CookiesAllowedCheckPage
from lti_adapters.pylti1p3.exception import LtiException, OIDCException, login_exception
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.parts import CLOCK, agreement_of, leading_to, parts_of
from lti_adapters.pylti1p3.redirect import Redirect
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.request import Request, host_of, hostname_of
from lti_adapters.pylti1p3.session import SessionService
from lti_adapters.pylti1p3.tool_config.abstract import ToolConfAbstract, found_registration
from lti_core.errors import LtiError
from lti_core.login import AuthenticationRequest, LoginInitiation, begin_login, choose
from lti_core.state import hash_of

REQ = TypeVar("REQ", bound=Request)
TCONF = TypeVar("TCONF", bound=ToolConfAbstract[Any])
SES = TypeVar("SES", bound=SessionService)
COOK = TypeVar("COOK", bound=CookieService)
RED = TypeVar("RED")

_SENT = ("iss", "login_hint", "client_id", "lti_message_hint", "lti_deployment_id")  # target_link_uri: see _initiation
_TEXTS = {
    "login.issuer_missing": "Could not find issuer",
    "login.login_hint_missing": "Could not find login hint",
    "login.target_link_uri_missing": "No launch URL configured",
    "login.target_link_uri_foreign": "The launch URL is no address of this tool",
}
_NO_REGISTRATION = "Could not find registration details"


class OIDCLogin(Generic[REQ, TCONF, SES, COOK, RED]):
    """One login.

    Raises, from whatever needs the request:
        OIDCException: what the platform sent cannot be followed.
    """

    _cookies_check = False
    _cookies_unavailable_msg_main_text = "Your browser prohibits to save cookies in the iframes."
    _cookies_unavailable_msg_click_text = "Click here to open content in the new tab."
    _cookies_check_loading_text = "Loading..."
    _params_to_launch: dict[str, Any] | None = None

    def __init__(
        self,
        request: REQ,
        tool_config: TCONF,
        session_service: SES,
        cookie_service: COOK,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
    ) -> None:
        self._request = request
        self._tool_config = tool_config
        self._session_service = session_service
        self._cookie_service = cookie_service
        if launch_data_storage:
            self.set_launch_data_storage(launch_data_storage)

    @abstractmethod
    def get_redirect(self, url: str) -> Redirect[RED]:
        """The way to `url`, as the framework's."""
        raise NotImplementedError

    @abstractmethod
    def get_response(self, html: str) -> RED:
        """A page, as the framework's response."""
        raise NotImplementedError

    def redirect(self, launch_url: str | None, js_redirect: bool = False) -> RED:
        """The response that sends the browser to the platform; or the page that looks for cookies before.

        Args:
            launch_url: where the platform posts the launch to.
            js_redirect: go on by a script.
        """
        if self._cookies_check and not self._get_request_param(NEW_WINDOW):
            return self.get_response(self.get_cookies_allowed_js_check())
        redirect = self.get_redirect_object(launch_url or "")
        return redirect.do_js_redirect() if js_redirect else redirect.do_redirect()

    def get_redirect_object(self, launch_url: str | None = None) -> Redirect[RED]:
        """The way to the platform.

        Args:
            launch_url: where the platform posts the launch to; None: where its request says that the launch leads.
        """
        url = self._get_request_param("target_link_uri") if launch_url is None else launch_url
        if not url:
            raise login_exception("No launch URL configured")
        self._refuse_foreign(url)
        going = self._begin(url)
        lifetime = int(going.cookie_lifetime.total_seconds())
        self._cookie_service.set_cookie(going.cookie_name, going.cookie_value, lifetime)
        for name in going.stale_cookies:
            self._cookie_service.set_cookie(name, "", 0)
        if self._params_to_launch:
            self._session_service.save_state_params(state_key(dict(going.parameters)["state"]), self._params_to_launch)
        return self.get_redirect(going.url)

    def validate_oidc_login(self) -> Registration:
        """The registration that the login is for."""
        iss, client_id = self.get_iss(), self.get_client_id()
        if not iss:
            raise login_exception("Could not find issuer")
        if not self._get_request_param("login_hint"):
            raise login_exception("Could not find login hint")
        try:
            found = found_registration(
                self._tool_config, iss, client_id, action=Action.OIDC_LOGIN, request=self._request
            )
        except OIDCException:
            raise
        except LtiException as error:
            raise login_exception(str(error)) from error
        if not found:
            raise login_exception(_NO_REGISTRATION)
        return found

    def pass_params_to_launch(self, params: dict[str, Any]) -> Self:
        """Keep `params` for the launch that answers this login: `MessageLaunch.get_params_from_login`."""
        self._params_to_launch = params
        return self

    def enable_check_cookies(
        self,
        main_msg: str | None = None,
        click_msg: str | None = None,
        loading_msg: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """Look for cookies first, and offer a new tab to a browser that keeps none. The texts are shown as texts."""
        self._cookies_unavailable_msg_main_text = main_msg or self._cookies_unavailable_msg_main_text
        self._cookies_unavailable_msg_click_text = click_msg or self._cookies_unavailable_msg_click_text
        self._cookies_check_loading_text = loading_msg or self._cookies_check_loading_text
        self._cookies_check = True
        return self

    def disable_check_cookies(self) -> Self:
        """Do not look for cookies."""
        self._cookies_check = False
        return self

    def get_additional_login_params(self) -> list[str]:
        """Names of further parameters that the page that looks for cookies carries on. Override it."""
        return []

    def get_cookies_allowed_js_check(self) -> str:
        """The page that looks for cookies."""
        names = (*_SENT, "target_link_uri", *self.get_additional_login_params())
        params = {name: value for name in names if (value := self._get_request_param(name))}
        protocol = "https" if takes_secure_cookies(self._request) else "http"
        main, click = self._cookies_unavailable_msg_main_text, self._cookies_unavailable_msg_click_text
        try:
            return CookiesAllowedCheckPage(params, protocol, main, click, self._cookies_check_loading_text).get_html()
        except UnicodeEncodeError as error:  # half a character, with which no login goes on
            raise login_exception("A parameter of the login is not whole characters") from error

    def set_launch_data_storage(self, data_storage: LaunchDataStorage[Any]) -> Self:
        """Keep launches there. A browser without the cookie of that storage gets one."""
        data_storage.set_request(self._request)
        if name := data_storage.get_session_cookie_name():
            session_id = self._cookie_service.get_cookie(name)
            if not session_id:
                session_id = str(uuid4())
                self._cookie_service.set_cookie(name, session_id, None)
            data_storage.set_session_id(session_id)
        self._session_service.set_data_storage(data_storage)
        return self

    def set_launch_data_lifetime(self, time_sec: int) -> Self:
        """How long launches are kept.

        Raises:
            LtiException: the storage cannot forget anything by itself.
        """
        self._session_service.set_launch_data_lifetime(time_sec)
        return self

    def get_iss(self) -> str | None:
        """The platform."""
        return self._get_request_param("iss")

    def get_client_id(self) -> str | None:
        """What it calls this tool; None when it does not say."""
        return self._get_request_param("client_id") or None

    def _get_request_param(self, key: str) -> str | None:
        """A parameter of the request."""
        return self._request.get_param(key)

    def _refuse_foreign(self, launch_url: str) -> None:
        """An address that came with the request, so from anybody, must lead to the host that was asked; by https
        where that was asked by https, since the cookie would be one that other hosts can set.
        """
        sent = self._get_request_param("target_link_uri"), self._request.get_param("target_link_uri")
        if launch_url not in sent or host_of(self._request) is None:
            return
        try:
            parts = urlsplit(launch_url)
            is_own = parts.hostname == hostname_of(self._request)
            is_own = is_own and (parts.scheme == "https" or not self._request.is_secure())
        except ValueError:
            is_own = False
        if not is_own:
            raise login_exception("The launch URL is no address of this tool")

    def _begin(self, launch_url: str) -> AuthenticationRequest:
        registration = self.validate_oidc_login()
        try:
            agreement, initiation = agreement_of(registration), self._initiation(launch_url)
            return begin_login(
                initiation,
                choose(initiation, [agreement]),
                parts_of(None).keys,
                CLOCK,
                redirect_uri=launch_url,
                target_urls=leading_to(launch_url),
                cookies=getattr(self._cookie_service, "get_cookie_names", tuple)(),  # it may inherit nothing
            )
        except LtiError as error:
            raise login_exception(_TEXTS.get(error.code, _NO_REGISTRATION), error) from error
        except LtiException as error:
            raise login_exception(str(error)) from error

    def _initiation(self, launch_url: str) -> LoginInitiation:
        """The state carries the launch URL, where the core has the target link: a launch is not told its own."""
        pairs = [(name, value) for name in _SENT if (value := self._get_request_param(name)) is not None]
        return LoginInitiation.read([*pairs, ("target_link_uri", launch_url)])


def state_key(state: str) -> str:
    """What parameters of a login are kept under: states are too long for the keys of some stores."""
    return f"state-{hash_of(state)}"
