"""Validation: what the steps of a launch do, over the core's functions."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lti_adapters.pylti1p3.actions import Action
from lti_adapters.pylti1p3.exception import LtiException, launch_exception
from lti_adapters.pylti1p3.key_texts import pem_of_jwk
from lti_adapters.pylti1p3.launch_words import refusal_of
from lti_adapters.pylti1p3.message_validators import get_validators
from lti_adapters.pylti1p3.message_validators.abstract import expecting
from lti_adapters.pylti1p3.parts import CLOCK, NONCES, agreement_of, parts_of
from lti_adapters.pylti1p3.registration import Registration, TKeySet
from lti_adapters.pylti1p3.tool_config.abstract import found_registration
from lti_core.authentication_response import AuthenticationResponse
from lti_core.browser import check_browser
from lti_core.claims import DEPLOYMENT_ID, MESSAGE_TYPE
from lti_core.errors import LaunchRefused, LtiError, ServiceFailed
from lti_core.launch import Evidence, check_signature, open_state, refuse_error
from lti_core.login import cookie_name
from lti_core.ports import HttpRequest
from lti_core.registration import Registration as Agreement
from lti_core.rules.deployment import DEPLOYMENT
from lti_core.rules.identity import IDENTITY
from lti_core.rules.nonce import NONCE
from lti_core.rules.rule import LEEWAY, OLDEST_TOKEN, Expected, Rule, TargetUrls, check
from lti_core.rules.times import TIME
from lti_core.state import LoginState, hash_of
from lti_core.strict_json import read_json
from lti_core.tokens import Jws, take_apart

if TYPE_CHECKING:
    from lti_adapters.pylti1p3.message_launch import MessageLaunch

KEY_SET_SECONDS = 5.0


class Validation:
    """Of one launch. A step that a subclass replaced leaves the others as strict as they were."""

    def __init__(self, launch: "MessageLaunch[Any, Any, Any, Any]") -> None:
        self._launch = launch
        self._token: Jws | None = None
        self._known: tuple[str, Jws] | None = None
        self._state: LoginState | None = None
        self._found: dict[tuple[str, str | None], Registration] = {}
        self._agreed: tuple[Registration, Agreement] | None = None

    def check_state(self) -> None:
        """The state is one of ours, of this browser, and the platform did not refuse."""
        response = self._response()
        state = self._opened(response)
        name = cookie_name(state, state.target_link_uri)
        secret = self._launch._cookie_service.get_cookie(name) or ""
        try:
            check_browser(state, {name: secret}, state.target_link_uri)
            refuse_error(response)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal

    def read_token(self) -> None:
        """Take the token apart."""
        id_token = self._launch._get_id_token()
        if id_token.count(".") != 2:
            raise LtiException("Invalid id_token, JWT must contain 3 parts")
        try:
            self._token = self._taken_apart(id_token)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal
        self._launch._jwt = {"header": dict(self._token.header), "body": self._token.claims}

    def check_nonce(self) -> None:
        """The nonce is the one of the login. Which nonces were used is looked at in the end: see `use_up`."""
        state = self._opened()
        agreement = self._agreement_of(self._found[state.issuer, state.client_id])
        self._check(NONCE, self._launch._get_jwt_body(), self._expected(agreement))

    def find_registration(self) -> None:
        """The registration of the login; of a launch without one, that which the claims name."""
        claims, iss = self._launch._get_jwt_body(), self._launch._get_iss()
        client_id = self._state.client_id if self._state else self.client_id(claims)
        self._launch._registration = self._registration(iss, client_id, claims)

    def check_identity(self) -> None:
        """The token is the platform's own, and for this tool."""
        self._check(IDENTITY, self._launch._get_jwt_body(), self._expected(self._agreement()))

    def check_signature(self) -> None:
        """The signature, and the times."""
        token, expected = self._read_token(), self._expected(self._agreement())
        try:
            check_signature(Evidence(token=token, expected=expected), self._keys())
        except LaunchRefused as refusal:
            raise self._key_refusal(refusal) from refusal
        self._check(TIME, token.claims, expected)

    def check_deployment(self) -> None:
        """The deployment is that of the login, and the configuration knows it."""
        claims, tool_config = self._launch._get_jwt_body(), self._launch._tool_config
        self._check(DEPLOYMENT, claims, self._expected(self._agreement()))
        iss, deployment_id = self._launch._get_iss(), str(claims[DEPLOYMENT_ID])
        if tool_config.check_iss_has_one_client(iss):
            found = tool_config.find_deployment(iss, deployment_id)
        else:
            client_id = self._launch._known_registration().get_client_id()
            found = tool_config.find_deployment_by_params(iss, deployment_id, client_id)
        if not found:
            raise LtiException("Unable to find deployment")

    def check_message(self) -> None:
        """The rules of the kind of message."""
        claims = self._launch._get_jwt_body()
        if not claims.get(MESSAGE_TYPE):
            raise LtiException("Invalid message type")
        fitting = [validator for validator in get_validators() if validator.can_validate(claims)]
        if len(fitting) != 1:
            raise LtiException("Validator conflict" if fitting else "Unrecognized message type")
        expected = expecting(claims, self._expected(self._agreement()))
        if not fitting[0].validate_for(claims, expected):
            raise LtiException("Message validation failed")

    def use_up(self) -> None:
        """Use the launch up: in this process, and where the launches are kept."""
        claims, now = self._launch._get_jwt_body(), CLOCK.now()
        nonce = claims.get("nonce")
        state, leeway = self._state, self._leeway()
        seconds = OLDEST_TOKEN + 2 * leeway
        if state is not None and state.nonce == nonce:  # then it is refused with its state
            seconds = state.expires_at - now.timestamp() + leeway
        if not isinstance(nonce, str) or not nonce:  # a step was replaced that would have refused it
            nonce = hash_of(self._launch._get_id_token())
        agreement = self._agreement()
        until, key = now + timedelta(seconds=seconds), hash_of(f"{agreement.key} {nonce}")
        try:
            fresh = NONCES.use(nonce, until, agreement.key)
        except LtiError as error:
            raise launch_exception("The launch cannot be used up", error) from error
        if not fresh or not self._launch._session_service.use_nonce(key, int(seconds) + 1):
            raise refusal_of(LaunchRefused("launch.nonce_used", "This launch was used before."))

    def client_id(self, claims: dict[str, Any]) -> str:
        """Whom the token is for: of several audiences the authorized party."""
        audience = claims.get("aud")
        if isinstance(audience, list):
            audience = claims.get("azp") or next(iter(audience), None)
        return audience if isinstance(audience, str) else ""

    def fetch_key_set(self, url: str) -> TKeySet:
        """A platform's key set."""
        try:
            request = HttpRequest(method="GET", url=url, total=KEY_SET_SECONDS, trusted_url=url)
            response = parts_of(self._launch._requests_session).http.send(request)
        except ServiceFailed as error:
            what = f"Invalid URL: {url}" if error.code == "http.url_refused" else f"Error during fetch URL {url}"
            raise launch_exception(what, error) from error
        try:
            found = read_json(response.body.decode())
        except (ValueError, RecursionError) as error:
            raise LtiException(f"Invalid response from {url}. Must be JSON") from error
        if response.status != 200 or not isinstance(found, dict) or not isinstance(found.get("keys"), list):
            raise LtiException(f"Invalid response from {url}. Must be JSON: a key set")
        return found

    def public_key(self) -> tuple[str, str]:
        """The key that the token names, as PEM text, and its algorithm."""
        header, registration = self._launch._jwt.get("header", {}), self._launch._known_registration()
        if not header.get("kid"):
            raise LtiException("JWT KID not found")
        if not header.get("alg"):
            raise LtiException("JWT ALG not found")
        key_set = registration.get_key_set() or self.fetch_key_set(registration.get_key_set_url() or "")
        for jwk in key_set["keys"]:
            if isinstance(jwk, dict) and (jwk.get("kid"), jwk.get("alg", "RS256")) == (header["kid"], header["alg"]):
                try:
                    return pem_of_jwk(jwk), header["alg"]
                except (ValueError, KeyError, TypeError) as error:
                    raise LtiException("Can't convert JWT key to PEM format") from error
        raise LtiException("Unable to find public key")

    def _response(self) -> AuthenticationResponse:
        param = self._launch._get_request_param
        if not param("state"):
            raise LtiException("Missing state param")
        names = ("state", "id_token", "error", "error_description")
        pairs = [(name, value) for name in names if (value := param(name))]
        try:
            return AuthenticationResponse.read(pairs)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal

    def _opened(self, response: AuthenticationResponse | None = None) -> LoginState:
        """The login that the state stands for; opened once."""
        if self._state is None:
            response = response or self._response()
            sealed = response.state
            claims = self._claims_unproved()
            agreement = self._agreement_of(self._registration(sealed.issuer, sealed.client_id, claims))
            try:
                self._state = open_state(response, agreement, self._keys(), CLOCK.now().timestamp())
            except LtiError as error:
                raise refusal_of(error) from error
        return self._state

    def _claims_unproved(self) -> dict[str, Any]:
        """What a configuration may look at when it is asked for the registration: nothing of it is proved."""
        try:
            return self._taken_apart(self._launch._get_request_param("id_token") or "").claims
        except LaunchRefused:
            return {}

    def _taken_apart(self, id_token: str) -> Jws:
        """Done once: `validate_state` needs the claims before `validate_jwt_format` does."""
        if self._known is None or self._known[0] != id_token:
            self._known = id_token, take_apart(id_token)
        return self._known[1]

    def _registration(self, iss: str, client_id: str | None, claims: dict[str, Any]) -> Registration:
        key = (iss, client_id)
        if key not in self._found:
            found = found_registration(
                self._launch._tool_config,
                iss,
                client_id,
                action=Action.MESSAGE_LAUNCH,
                request=self._launch._request,
                jwt_body=claims,
            )
            if not found:
                raise LtiException("Registration not found.")
            self._found[key] = found
        return self._found[key]

    def _agreement(self) -> Agreement:
        return self._agreement_of(self._launch._known_registration())

    def _agreement_of(self, registration: Registration) -> Agreement:
        """Made once: every step asks for it."""
        if self._agreed is None or self._agreed[0] is not registration:
            self._agreed = registration, agreement_of(registration)
        return self._agreed[1]

    def _expected(self, agreement: Agreement) -> Expected:
        """Without a login that was looked at, as a replaced step leaves it, only what the claims say themselves."""
        nobody = LoginState(
            issuer=agreement.issuer,
            client_id=agreement.client_id,
            nonce="",
            browser="",
            target_link_uri="",
            issued_at=0,
            expires_at=0,
        )
        return Expected(
            registration=agreement,
            state=self._state or nobody,
            now=CLOCK.now().timestamp(),
            target_urls=TargetUrls.of(()),
            leeway=self._leeway(),
        )

    def _leeway(self) -> float:
        return LEEWAY if self._launch._leeway is None else self._launch._leeway

    def _read_token(self) -> Jws:
        if self._token is None:
            self.read_token()
        assert self._token is not None
        return self._token

    def _keys(self) -> Any:
        return parts_of(self._launch._requests_session).keys

    def _check(self, rules: tuple[Rule, ...], claims: dict[str, Any], expected: Expected) -> None:
        try:
            check(rules, claims, expected)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal

    def _key_refusal(self, refusal: LaunchRefused) -> LtiException:
        url = self._launch._known_registration().get_key_set_url()
        if refusal.code == "launch.key_set_unavailable":
            return launch_exception(f"Error during fetch URL {url}", refusal)
        if refusal.code == "launch.key_set_malformed":
            return launch_exception(f"Invalid response from {url}. Must be JSON", refusal)
        if refusal.code == "launch.algorithm_not_allowed" and not self._launch._jwt.get("header", {}).get("alg"):
            return launch_exception("JWT ALG not found", refusal)
        return refusal_of(refusal)
