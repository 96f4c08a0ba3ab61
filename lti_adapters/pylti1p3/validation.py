"""Validation: what the steps of a launch do, over the core's functions."""

from datetime import timedelta
from typing import Any

from lti_adapters.pylti1p3.actions import Action
from lti_adapters.pylti1p3.exception import LtiException, launch_exception
from lti_adapters.pylti1p3.launch_under_way import LaunchUnderWay
from lti_adapters.pylti1p3.launch_words import refusal_of
from lti_adapters.pylti1p3.message_validators import get_validators
from lti_adapters.pylti1p3.message_validators.abstract import targets_of
from lti_adapters.pylti1p3.parts import CLOCK, NONCES, NOWHERE, agreement_of, parts_of
from lti_adapters.pylti1p3.platform_keys import key_refusal
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.request import used_by
from lti_adapters.pylti1p3.session import was_unused
from lti_adapters.pylti1p3.tool_config.abstract import found_registration
from lti_core.authentication_response import AuthenticationResponse
from lti_core.browser import check_cookie
from lti_core.claims import MESSAGE_TYPE
from lti_core.errors import LaunchRefused, LtiError
from lti_core.launch import Evidence, check_signature, open_state, refuse_error
from lti_core.login import cookie_name
from lti_core.making import maker_of
from lti_core.registration import Registration as Agreement
from lti_core.rules.deployment import DEPLOYMENT
from lti_core.rules.identity import IDENTITY
from lti_core.rules.nonce import NONCE
from lti_core.rules.rule import LEEWAY, OLDEST_TOKEN, Expected, Rule, TargetUrls, check
from lti_core.rules.times import TIME
from lti_core.state import LoginState, hash_of
from lti_core.tokens import Jws, take_apart

_SENT = ("state", "id_token", "error", "error_description")
_expected, _evidence = maker_of(Expected), maker_of(Evidence)


class Validation:
    """Of one launch. A step that a subclass replaced leaves the others as strict as they were.

    Each step is told the launch, which this does not keep: in a circle neither would be freed at once.

    Attributes:
        leeway: seconds that clocks may differ by.
    """

    leeway: float = LEEWAY

    def __init__(self) -> None:
        self._token: Jws | None = None
        self._known: tuple[str, Jws] | None = None
        self._state: LoginState | None = None
        self._found: dict[tuple[str, str | None], Registration] = {}
        self._held: tuple[Registration, Expected] | None = None

    def check_state(self, launch: LaunchUnderWay) -> None:
        """The state is one of ours, of this browser, and the platform did not refuse."""
        response = self._response(launch)
        state = self._opened(launch, response)
        secret = launch._cookie_service.get_cookie(cookie_name(state, state.target_link_uri)) or ""
        try:
            _refuse_downgraded(state, launch._request)
            check_cookie(state, secret)
            refuse_error(response)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal

    def read_token(self, launch: LaunchUnderWay) -> None:
        """Take the token apart."""
        id_token = launch._get_id_token()
        if id_token.count(".") != 2:
            raise LtiException("Invalid id_token, JWT must contain 3 parts")
        try:
            self._token = self._taken_apart(id_token)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal
        launch._jwt = {"header": dict(self._token.header), "body": self._token.claims}

    def check_nonce(self, launch: LaunchUnderWay) -> None:
        """The nonce is the one of the login. Which nonces were used is looked at in the end: see `use_up`."""
        state = self._opened(launch)
        expected = self._expected(self._found[state.issuer, state.client_id])
        self._check(NONCE, launch._get_jwt_body(), expected)

    def find_registration(self, launch: LaunchUnderWay) -> None:
        """The registration of the login; of a launch without one, that which the claims name."""
        claims, iss = launch._get_jwt_body(), launch._get_iss()
        client_id = self._state.client_id if self._state else client_id_in(claims)
        launch._registration = self._registration(launch, iss, client_id, claims)

    def check_identity(self, launch: LaunchUnderWay) -> None:
        """The token is the platform's own, and for this tool."""
        self._check(IDENTITY, launch._get_jwt_body(), self._expected(launch._known_registration()))

    def check_signature(self, launch: LaunchUnderWay) -> None:
        """The signature, and the times."""
        token, registration = self._read_token(launch), launch._known_registration()
        expected = self._expected_now(self._expected(registration).registration)
        try:
            check_signature(_evidence(token=token, expected=expected), self._keys(launch))
        except LaunchRefused as refusal:
            raise key_refusal(refusal, registration, launch._jwt.get("header", {})) from refusal
        self._check(TIME, token.claims, expected)

    def check_deployment(self, launch: LaunchUnderWay) -> None:
        """The deployment is that of the login, and the configuration knows it."""
        claims, tool_config = launch._get_jwt_body(), launch._tool_config
        registration = launch._known_registration()
        self._check(DEPLOYMENT, claims, self._expected(registration))
        iss, deployment_id = launch._get_iss(), launch._get_deployment_id()
        if tool_config.check_iss_has_one_client(iss):
            found = tool_config.find_deployment(iss, deployment_id)
        else:
            found = tool_config.find_deployment_by_params(iss, deployment_id, registration.get_client_id())
        if not found:
            raise LtiException("Unable to find deployment")

    def check_message(self, launch: LaunchUnderWay) -> None:
        """The rules of the kind of message."""
        claims = launch._get_jwt_body()
        if not claims.get(MESSAGE_TYPE):
            raise LtiException("Invalid message type")
        fitting = [validator for validator in get_validators() if validator.can_validate(claims)]
        if len(fitting) != 1:
            raise LtiException("Validator conflict" if fitting else "Unrecognized message type")
        agreement = self._expected(launch._known_registration()).registration
        if not fitting[0].validate_for(claims, self._expected_now(agreement, targets_of(claims))):
            raise LtiException("Message validation failed")

    def use_up(self, launch: LaunchUnderWay) -> None:
        """Use the launch up: in this process, and where the launches are kept.

        Programs validate a launch in a middleware and once more in the view: to one request it stays as it was.
        """
        claims, now = launch._get_jwt_body(), CLOCK.now()
        nonce = claims.get("nonce")
        state, leeway = self._state, self.leeway
        seconds = OLDEST_TOKEN + 2 * leeway
        if state is not None and state.nonce == nonce:  # then it is refused with its state
            seconds = state.expires_at - now.timestamp() + leeway
        if not isinstance(nonce, str) or not nonce:  # a step was replaced that would have refused it
            nonce = hash_of(self._signed_part(launch))
        agreement = self._expected(launch._known_registration()).registration
        until, key = now + timedelta(seconds=seconds), hash_of(f"{agreement.key} {nonce}")
        try:
            fresh = NONCES.use(nonce, until, agreement.key)
        except LtiError as error:
            raise launch_exception("The launch cannot be used up", error) from error
        used = used_by(launch._request)
        unused = was_unused(launch._session_service, key, int(seconds) + 1)  # marked in each storage that is asked
        if not (fresh and unused) and key not in used:
            raise refusal_of(LaunchRefused("launch.nonce_used", "This launch was used before."))
        used.add(key)

    def _response(self, launch: LaunchUnderWay) -> AuthenticationResponse:
        sent = {name: value for name in _SENT if (value := _sent(launch, name))}
        if "state" not in sent:
            raise LtiException("Missing state param")
        try:
            return AuthenticationResponse.read(sent.items())
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal

    def _opened(self, launch: LaunchUnderWay, response: AuthenticationResponse | None = None) -> LoginState:
        """The login that the state stands for; opened once."""
        if self._state is None:
            response = response or self._response(launch)
            sealed, claims = response.state, self._claims_unproved(response)
            registration = self._registration(launch, sealed.issuer, sealed.client_id, claims)
            agreement = agreement_of(registration)
            try:
                self._state = open_state(response, agreement, parts_of(None).keys, CLOCK.now().timestamp())
            except LtiError as error:
                raise refusal_of(error) from error
            self._held = registration, self._expected_now(agreement)
        return self._state

    def _claims_unproved(self, response: AuthenticationResponse) -> dict[str, Any]:
        """What a configuration may look at when it is asked for the registration: nothing of it is proved."""
        try:
            return self._taken_apart(response.id_token or "").claims
        except LaunchRefused:
            return {}

    def _signed_part(self, launch: LaunchUnderWay) -> str:
        """What a token is known by. Its signature can be written in several ways, so that is not part of it."""
        try:
            return self._taken_apart(launch._get_id_token()).signed.decode()
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal

    def _taken_apart(self, id_token: str) -> Jws:
        """Done once: `validate_state` needs the claims before `validate_jwt_format` does."""
        if self._known is None or self._known[0] != id_token:
            self._known = id_token, take_apart(id_token)
        return self._known[1]

    def _registration(
        self, launch: LaunchUnderWay, iss: str, client_id: str | None, claims: dict[str, Any]
    ) -> Registration:
        key = (iss, client_id)
        if key not in self._found:
            found = found_registration(
                launch._tool_config,
                iss,
                client_id,
                action=Action.MESSAGE_LAUNCH,
                request=launch._request,
                jwt_body=claims,
            )
            if not found:
                raise LtiException("Registration not found.")
            self._found[key] = found
        return self._found[key]

    def _expected(self, registration: Registration) -> Expected:
        """What the claims must match, at whatever time: made once, for every step asks for it."""
        if self._held is None or self._held[0] is not registration:
            self._held = registration, self._expected_now(agreement_of(registration))
        return self._held[1]

    def _expected_now(self, agreement: Agreement, target_urls: TargetUrls = NOWHERE) -> Expected:
        return _expected(
            registration=agreement,
            state=self._state or _no_login(agreement),
            now=CLOCK.now().timestamp(),
            target_urls=target_urls,
            leeway=self.leeway,
        )

    def _read_token(self, launch: LaunchUnderWay) -> Jws:
        if self._token is None:
            self.read_token(launch)
        assert self._token is not None
        return self._token

    def _keys(self, launch: LaunchUnderWay) -> Any:
        return parts_of(launch._requests_session).keys

    def _check(self, rules: tuple[Rule, ...], claims: dict[str, Any], expected: Expected) -> None:
        try:
            check(rules, claims, expected)
        except LaunchRefused as refusal:
            raise refusal_of(refusal) from refusal


def _sent(launch: LaunchUnderWay, name: str) -> str | None:
    """A program's adapter may know the two parameters of a good launch only, in a dict of its own."""
    try:
        return launch._get_request_param(name)
    except KeyError:
        return None


def _refuse_downgraded(state: LoginState, request: Any) -> None:
    """Whoever can begin a login that leads to http gets a cookie that a neighbour's host can set, too."""
    if request.is_secure() and not state.target_link_uri.startswith("https:"):
        message = "The login was begun for an address without https."
        raise LaunchRefused("launch.browser_mismatch", message, expected="a login that leads to an https address")


def client_id_in(claims: dict[str, Any]) -> str:
    """Whom a token is for: of several audiences the authorized party."""
    audience = claims.get("aud")
    if isinstance(audience, list):
        audience = claims.get("azp") or next(iter(audience), None)
    return audience if isinstance(audience, str) else ""


def _no_login(agreement: Agreement) -> LoginState:
    """Where a step was replaced that would have looked at the login: what the claims say themselves must do."""
    return LoginState(
        issuer=agreement.issuer,
        client_id=agreement.client_id,
        nonce="",
        browser="",
        target_link_uri="",
        issued_at=0,
        expires_at=0,
    )
