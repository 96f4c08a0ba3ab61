"""ServiceConnector: requests to a platform's services, with access tokens."""

import codecs
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import Message
from http.client import responses
from typing import Any, ClassVar, TypedDict, TypeVar

from attrs import define, evolve, field

from lti_adapters.http.address import read_address
from lti_adapters.pylti1p3.exception import LtiServiceException, launch_exception
from lti_adapters.pylti1p3.key_texts import pem_text
from lti_adapters.pylti1p3.parts import CLOCK, agreement_of, parts_of
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.services.retries import MOST_TIME, Tries
from lti_core.errors import LtiError, ServiceFailed
from lti_core.keys import read_private_key
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.registration import Registration as Agreement
from lti_core.services.access_token import AccessToken
from lti_core.services.answers import PAGE_BYTES, refused, text_of
from lti_core.services.command import IDEMPOTENT, ONCE, Repeat
from lti_core.services.links import linked
from lti_core.strict_json import read_usual_json

REQUESTS_USER_AGENT = "PyLTI1p3-client"
_LATIN = frozenset({"iso8859-1", "iso8859-15", "cp1252"})  # beside UTF-8

Result = TypeVar("Result")


class TServiceConnectorResponse(TypedDict):
    """An answer: its headers, its JSON (None where it is empty), and where the next page is."""

    headers: Mapping[str, str]
    body: Any
    next_page_url: str | None


class ServiceResponse:
    """An answer that was an error, with what programs read of a `requests.Response`.

    Attributes:
        request: with `method`, `url`, `headers` and `body`; without what is secret.
    """

    def __init__(self, request: HttpRequest, response: HttpResponse) -> None:
        self.request = request
        self.url = request.url
        self.status_code = response.status
        self.ok = response.status < 400
        self.reason = responses.get(response.status, "")
        self.headers = _AnyCase(response.headers)
        self.content = response.body
        self.encoding = _charset_of(response)
        self.text = response.body.decode(self.encoding, errors="replace")

    def json(self, **options: Any) -> Any:
        """The body as JSON; with `options` as `json.loads` reads it.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.text, **options) if options else read_usual_json(self.text)


def _charset_of(response: HttpResponse) -> str:
    """What the header says that the text is written in. Not all that Python knows: some take long to read."""
    header = Message()
    header["Content-Type"] = response.headers.get("content-type", "").replace("\r", "").replace("\n", "")
    try:
        found = codecs.lookup(str(header.get_content_charset("utf-8")))
    except (LookupError, ValueError):
        return "utf-8"
    return found.name if found.name in _LATIN else "utf-8"


class _AnyCase(dict[str, str]):
    """Headers, found by their names in any case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """See `dict`."""
        return super().get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())


@define(eq=False)
class _Raw:
    """One request as it is. Its answer is kept, also when it is an error."""

    scopes: ClassVar[tuple[str, ...]] = ()
    repeat: ClassVar[Repeat] = IDEMPOTENT

    request: HttpRequest = field(repr=False)
    answer: HttpResponse | None = field(default=None, init=False, repr=False)

    def to_request(self) -> HttpRequest:
        """The request."""
        return self.request

    def read_response(self, response: HttpResponse) -> HttpResponse:
        """The answer.

        Raises:
            ServiceFailed: its status is no success.
        """
        self.answer = response
        if not 200 <= response.status < 300:
            raise refused(self.request, response)
        return response


class _RawPost(_Raw):
    repeat = ONCE


class ServiceConnector:
    """Tokens are shared by all launches of a process, until their end.

    Raises, from whatever sends something:
        LtiServiceException: the platform answered with an error.
        LtiException: it did not answer, or in a way that cannot be read.
    """

    def __init__(self, registration: Registration, requests_session: Any = None) -> None:
        self._registration = registration
        self._requests_session = requests_session
        self._parts = parts_of(requests_session)

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """A token with all of `scopes`."""
        agreement = agreement_of(self._registration)
        return _asked(lambda: self._token(agreement, scopes, Tries(CLOCK.now() + MOST_TIME))).value

    def encode_jwt(self, message: Mapping[str, Any], private_key: str, headers: Mapping[str, str] | None) -> str:
        """`message` as a compact JWS with RS256. Times may be given as `datetime`.

        Raises:
            LtiException: the key cannot sign.
        """
        try:
            key = read_private_key(pem_text(private_key))
        except LtiError as error:
            raise launch_exception("The private key cannot sign", error) from error
        claims = {name: _seconds(value) for name, value in message.items()}
        return key.sign(claims, {"typ": "JWT", **(headers or {})})

    def make_service_request(
        self,
        scopes: Sequence[str],
        url: str,
        is_post: bool = False,
        data: str | bytes | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        case_insensitive_headers: bool = False,
    ) -> TServiceConnectorResponse:
        """Send one request with a token.

        Args:
            data: of a POST.
            case_insensitive_headers: let `headers` be found by names in any case. They always are.
        """
        agreement = agreement_of(self._registration)
        body = data.encode() if isinstance(data, str) else data
        headers = {"Accept": accept, **({"Content-Type": content_type} if is_post else {})}
        command = (_RawPost if is_post else _Raw)(
            HttpRequest(
                method="POST" if is_post else "GET",
                url=url,
                headers=headers,
                body=(body or b"") if is_post else None,
                max_bytes=PAGE_BYTES,
                trusted_url=_asked(lambda: _trusted_url(url, agreement)),
            )
        )
        response = _asked(lambda: self._sent(command, agreement, scopes), command)
        return {
            "headers": _AnyCase(response.headers),
            "body": _asked(lambda: _json_of(command.request, response)),
            "next_page_url": _asked(lambda: linked(response, url, "next")),
        }

    def _sent(self, command: _Raw, agreement: Agreement, scopes: Sequence[str]) -> HttpResponse:
        """A platform that does not take a token any more is asked for another one, once."""
        tries = Tries(CLOCK.now() + MOST_TIME)
        token = self._usable_token(agreement, scopes, tries)
        try:
            return self._parts.retries.send(lambda: (command, _with(command.request, token)), tries)
        except ServiceFailed as error:
            if error.status != 401:
                raise
        self._parts.tokens.drop(agreement, tuple(scopes), token)
        token = self._usable_token(agreement, scopes, tries)
        return self._parts.retries.send(lambda: (command, _with(command.request, token)), tries)

    def _usable_token(self, agreement: Agreement, scopes: Sequence[str], tries: Tries) -> str:
        """The program's, where it replaced the method; else ours, within the time that is left for the request."""
        if getattr(self.get_access_token, "__func__", None) is not _GET_ACCESS_TOKEN:
            return self.get_access_token(scopes)
        return self._token(agreement, scopes, tries).value

    def _token(self, agreement: Agreement, scopes: Sequence[str], tries: Tries) -> AccessToken:
        try:
            return self._parts.tokens.get(agreement, tuple(scopes), tries.until)
        except ServiceFailed as error:
            if error.status is None or error.status < 400:
                raise
            said = HttpResponse(status=error.status, body=error.platform_says.encode())
            asked = HttpRequest(method="POST", url=agreement.token_url or "")
            raise _failure(asked, said, error) from error


_GET_ACCESS_TOKEN = ServiceConnector.get_access_token


def _asked(ask: Callable[[], Result], command: _Raw | None = None) -> Result:
    """What `ask` answers; the core's failures become those of this interface."""
    try:
        return ask()
    except ServiceFailed as error:
        answer = None if command is None else command.answer
        if command is not None and answer is not None and answer.status == error.status:
            raise _failure(command.request, answer, error) from error
        raise launch_exception("The platform's service failed", error) from error
    except LtiError as error:
        raise launch_exception("The platform's service cannot be asked", error) from error


def _failure(request: HttpRequest, answer: HttpResponse, error: ServiceFailed) -> LtiServiceException:
    """An answer that is an error, with the code of this library."""
    failure = LtiServiceException(ServiceResponse(request, answer))
    failure.code = error.code
    return failure


def _with(request: HttpRequest, token: str) -> HttpRequest:
    return evolve(request, headers={**request.headers, "Authorization": f"Bearer {token}"})


def _seconds(value: Any) -> Any:
    return int(value.timestamp()) if isinstance(value, datetime) else value


def _trusted_url(url: str, agreement: Agreement) -> str:
    """The address of the registration at the same origin: what makes an address inside a private network good."""
    own = tuple(filter(None, (agreement.token_url, agreement.login_url, agreement.key_set_url)))
    address = read_address(url)
    for named in own:
        try:
            if read_address(named) == address:
                return named
        except ServiceFailed:
            continue
    return own[0]


def _json_of(request: HttpRequest, response: HttpResponse) -> Any:
    """The JSON of an answer; None for one that is empty.

    Raises:
        LtiServiceException: it is no JSON.
    """
    if not response.body.strip():
        return None
    try:
        return read_usual_json(text_of(response))
    except (ValueError, RecursionError):
        raise LtiServiceException(ServiceResponse(request, response)) from None
