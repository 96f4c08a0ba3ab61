"""MessageLaunch: verifies a launch, step by step. Inherit it to use a framework of your own, or to change a step."""

import logging
import secrets
from abc import abstractmethod
from base64 import urlsafe_b64decode
from typing import Any, Generic, Self, TypeVar

from lti_adapters.pylti1p3.cookie import CookieService
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.launch_access import LaunchAccess
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.launch_words import TJwtData, TLaunchData
from lti_adapters.pylti1p3.oidc_login import state_key
from lti_adapters.pylti1p3.parts import parts_of
from lti_adapters.pylti1p3.platform_keys import fetched_key_set, pem_for
from lti_adapters.pylti1p3.registration import Registration, TKeySet
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.session import SessionService
from lti_adapters.pylti1p3.tool_config.abstract import ToolConfAbstract
from lti_adapters.pylti1p3.validation import Validation, client_id_in
from lti_core.claims import DEPLOYMENT_ID

REQ = TypeVar("REQ", bound=Request)
TCONF = TypeVar("TCONF", bound=ToolConfAbstract[Any])
SES = TypeVar("SES", bound=SessionService)
COOK = TypeVar("COOK", bound=CookieService)

log = logging.getLogger("lti")


def new_launch_id() -> str:
    """A random UUID of version 4 with the prefix of the old package. Python's `uuid4` takes three times as long."""
    digits = secrets.token_hex(16)
    return f"lti1p3-launch-{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


class MessageLaunch(LaunchAccess, Generic[REQ, TCONF, SES, COOK]):
    """One launch. Whatever needs its claims validates it first, once.

    Raises, from whatever needs the claims:
        LtiException: the launch is refused.
    """

    def __init__(
        self,
        request: REQ,
        tool_config: TCONF,
        session_service: SES | None = None,
        cookie_service: COOK | None = None,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
        requests_session: Any = None,
    ) -> None:
        if session_service is None or cookie_service is None:
            raise LtiException("session_service and cookie_service must be set")
        self._request = request
        self._tool_config = tool_config
        self._session_service: SES = session_service
        self._cookie_service: COOK = cookie_service
        self._requests_session = requests_session
        self._launch_id = new_launch_id()
        self._jwt: TJwtData = {}
        self._registration: Registration | None = None
        self._auto_validation = True
        self._validated = False  # or under way: no need to begin
        self._restored = False
        self._validation = Validation()
        if launch_data_storage:
            self.set_launch_data_storage(launch_data_storage)

    @abstractmethod
    def _get_request_param(self, key: str) -> str | None:
        """A parameter of the posted form."""
        raise NotImplementedError

    @classmethod
    def from_cache(
        cls,
        launch_id: str,
        request: REQ,
        tool_config: TCONF,
        session_service: SES | None = None,
        cookie_service: COOK | None = None,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
        requests_session: Any = None,
    ) -> Self:
        """A launch that was validated before, for a later request.

        Raises:
            LtiException: it is not kept (any more), is none of this tool, or its deployment is not known any more.
        """
        services: dict[str, Any] = {  # by their names: a subclass may take the two others only, and hand these on
            "session_service": session_service,
            "cookie_service": cookie_service,
            "launch_data_storage": launch_data_storage,
            "requests_session": requests_session,
        }
        launch = cls(request, tool_config, **services)
        claims = launch._session_service.get_launch_data(launch_id)
        if not isinstance(claims, dict) or not claims:
            raise LtiException("Launch data not found")
        launch.set_launch_id(launch_id).set_restored().set_auto_validation(False)
        launch.set_jwt({"header": {}, "body": claims})
        # The id is the visitor's: it may be that of another tool in the same program, or of a deployment that was left.
        return launch.validate_registration().validate_deployment()

    def validate(self) -> Self:
        """Run the seven steps, use the launch up, and keep it; once, however often it is asked for."""
        if self._restored:
            raise LtiException("Can't validate restored launch")
        if self._validated:
            return self
        self._validated = True
        try:
            self.validate_state().validate_jwt_format().validate_nonce().validate_registration()
            self.validate_jwt_signature().validate_deployment().validate_message()
            self._validation.use_up(self)
            self.save_launch_data()
        except BaseException:
            self._validated, self._jwt = False, {}  # whoever goes on all the same finds no claims that nobody proved
            raise
        return self

    def validate_state(self) -> Self:
        """This tool began the login, and in this browser."""
        self._validation.check_state(self)
        return self

    def validate_jwt_format(self) -> Self:
        """The token can be read."""
        self._validation.read_token(self)
        return self

    def validate_nonce(self) -> Self:
        """The token answers this login."""
        self._validation.check_nonce(self)
        return self

    def validate_registration(self) -> Self:
        """The platform is known, and means this tool."""
        self._validation.find_registration(self)
        self._validation.check_identity(self)
        return self

    def validate_jwt_signature(self) -> Self:
        """The platform signed the token, which is good at this time."""
        self._validation.check_signature(self)
        return self

    def validate_deployment(self) -> Self:
        """The deployment is known."""
        self._validation.check_deployment(self)
        return self

    def validate_message(self) -> Self:
        """The message is of a kind that is known, and brings what it must."""
        self._validation.check_message(self)
        return self

    def save_launch_data(self) -> Self:
        """Keep the claims for later requests."""
        self._session_service.save_launch_data(self._launch_id, self._get_jwt_body())
        return self

    def get_launch_data(self) -> TLaunchData:
        """All claims, as they were received."""
        return self._claims()

    def get_launch_id(self) -> str:
        """What later requests name."""
        return self._launch_id

    def set_launch_id(self, launch_id: str) -> Self:
        """Set it."""
        self._launch_id = launch_id
        return self

    def get_iss(self) -> str:
        """The platform."""
        self._claims()
        return self._get_iss()

    def get_client_id(self) -> str:
        """What the platform calls this tool."""
        return client_id_in(self._claims())

    def get_tool_conf(self) -> TCONF:
        """The configuration."""
        return self._tool_config

    def get_session_service(self) -> SES:
        """What keeps launches."""
        return self._session_service

    def get_params_from_login(self) -> dict[str, Any] | None:
        """What `OIDCLogin.pass_params_to_launch` was given; None when nothing was."""
        self._claims()
        state = self._get_request_param("state")
        return self._session_service.get_state_params(state_key(state)) if state else None

    def set_auto_validation(self, enable: bool) -> Self:
        """Whether the first question validates; else `validate` does."""
        self._auto_validation = enable
        return self

    def set_jwt(self, val: TJwtData) -> Self:
        """Stand in for a token that was taken apart: `{"header": ..., "body": ...}`. That validates nothing."""
        self._jwt = val
        return self

    def set_jwt_verify_options(self, val: dict[str, Any]) -> Self:
        """Only `leeway` (seconds) is minded; no check can be switched off."""
        for name, value in val.items():
            if name == "leeway" and isinstance(value, int | float) and value >= 0:
                self._validation.leeway = value
            elif name != "verify_aud":
                log.warning("set_jwt_verify_options: %s is not minded, all checks are made", name)
        return self

    def set_restored(self) -> Self:
        """Say that the launch was validated before: `validate` refuses it then."""
        self._restored = True
        return self

    def set_public_key_caching(self, data_storage: LaunchDataStorage[Any], cache_lifetime: int = 7200) -> None:
        """Nothing need be said: key sets are kept in the memory of the process, and refreshed when a key is new."""

    def fetch_public_key(self, key_set_url: str) -> TKeySet:
        """A platform's key set."""
        return fetched_key_set(key_set_url, parts_of(self._requests_session).http)

    def get_public_key(self) -> tuple[str, str]:
        """The key that the token names, as PEM text, and its algorithm."""
        http = parts_of(self._requests_session).http
        return pem_for(self._jwt.get("header", {}), self._known_registration(), http)

    def set_launch_data_storage(self, data_storage: LaunchDataStorage[Any]) -> Self:
        """Keep launches there.

        Raises:
            LtiException: the browser brought no cookie of that storage.
        """
        data_storage.set_request(self._request)
        if name := data_storage.get_session_cookie_name():
            session_id = self._cookie_service.get_cookie(name)
            if not session_id:
                raise LtiException(f"Missing {name} cookie session-id")
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

    def check_jwt_body_is_empty(self) -> bool:
        """Whether there are no claims, also after the validation that runs by itself."""
        return not self._claims()

    @staticmethod
    def urlsafe_b64decode(val: str) -> str:
        """A part of a token as text."""
        return urlsafe_b64decode(val + "=" * (-len(val) % 4)).decode()

    def _claims(self) -> dict[str, Any]:
        if self._auto_validation and not self._validated:
            self.validate()
        return self._get_jwt_body()

    def _get_jwt_body(self) -> dict[str, Any]:
        body: dict[str, Any] = self._jwt.get("body", {})
        return body

    def _get_iss(self) -> str:
        iss = self._get_jwt_body().get("iss")
        if not iss or not isinstance(iss, str):
            raise LtiException('"iss" is empty')
        return iss

    def _get_id_token(self) -> str:
        id_token = self._get_request_param("id_token")
        if not id_token:
            raise LtiException("Missing id_token")
        return id_token

    def _get_deployment_id(self) -> str:
        deployment_id = self._get_jwt_body().get(DEPLOYMENT_ID)
        if not deployment_id:
            raise LtiException("deployment_id is not set in jwt body")
        return str(deployment_id)
