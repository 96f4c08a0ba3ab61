"""A tool that asks a platform's services, as far as tests of the platform need one."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from attrs import field, frozen

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.services.media_types import READ, SENT
from lti_core import claims as c
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.tokens import sign, signer
from tests.fakes import TOOL_KEY, TOOL_PEM

FORM = "application/x-www-form-urlencoded"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def assertion(platform: SimulatedPlatform, **changes: Any) -> dict[str, Any]:
    """Good claims of a client assertion, some of them changed; None leaves one out."""
    now = int(platform.clock.now().timestamp())
    claims = {
        "iss": platform.client_id,
        "sub": platform.client_id,
        "aud": platform.profile.audience or platform.token_url,
        "iat": now,
        "exp": now + 60,
        "jti": platform.random(8).hex(),
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def signed(claims: Mapping[str, Any], pem: str = TOOL_PEM, algorithm: str = "RS256", **header: str | None) -> str:
    """A token of the tool."""
    whole = {"typ": "JWT", "kid": TOOL_KEY.kid, **header}
    return sign(claims, signer(pem, algorithm), algorithm, {name: text for name, text in whole.items() if text})


def deep_linking_settings(platform: SimulatedPlatform, **changes: Any) -> dict[str, Any]:
    """The settings of a deep linking request that went out to a browser; some of them changed."""
    message = platform.deep_linking()
    settings = {**message.claims[c.DEEP_LINKING_SETTINGS], **changes}
    login = platform.initiate(message.having({c.DEEP_LINKING_SETTINGS: settings}))
    request = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": platform.launch_url,
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "nonce": "n-1",
        "state": "s-1",
    }
    platform.authorize(request.items(), _nobody)
    return settings


def _nobody() -> Any:
    raise AssertionError("this launch needs no other browser")


@frozen
class Asking:
    """Asks by `http`; in the same process unless given. `token` is sent with each request; empty: none."""

    platform: SimulatedPlatform
    scopes: tuple[str, ...] = ()
    http: Any = field()
    token: str = field()

    @http.default
    def _http(self) -> Any:
        return self.platform.http

    @token.default
    def _token(self) -> str:
        return self.platform.issue_token(*self.scopes)

    def request(self, method: str, url: str, body: Any = None, **headers: str) -> HttpRequest:
        """One request; `body` is sent as JSON. Headers are named with underscores; an empty one is left out."""
        given = {"authorization": f"Bearer {self.token}" if self.token else "", **headers}
        named = {name.replace("_", "-"): value for name, value in given.items() if value}
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        return HttpRequest(method=method, url=url, headers=named, body=sent, max_bytes=64 * 1024 * 1024)

    def send(self, method: str, url: str, body: Any = None, **headers: str) -> HttpResponse:
        """One request, answered."""
        return self.http.send(self.request(method, url, body, **headers))

    def get(self, kind: str, url: str, **headers: str) -> HttpResponse:
        """Read at a service of that kind."""
        return self.send("GET", url, **{"accept": READ[kind], **headers})

    def put_in(self, kind: str, url: str, body: Any, method: str = "POST", **headers: str) -> HttpResponse:
        """Send `body` to a service of that kind."""
        return self.send(method, url, body, **{"content_type": SENT[kind], **headers})

    def ask_for_token(self, scope: str, text: str | None = None, **fields: str | None) -> HttpResponse:
        """Ask the token endpoint, with a good assertion unless `text` is another."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": signed(assertion(self.platform)) if text is None else text,
            "scope": scope,
        }
        sent = {name: value for name, value in {**form, **fields}.items() if value is not None}
        headers = {"content-type": FORM}
        body = urlencode(sent).encode()
        return self.http.send(HttpRequest(method="POST", url=self.platform.token_url, headers=headers, body=body))

    @property
    def claims(self) -> Mapping[str, Any]:
        """The claims of a launch of the graded link."""
        return self.platform.resource_link().claims

    @property
    def members_url(self) -> str:
        """As a launch names it."""
        return str(self.claims[c.NRPS]["context_memberships_url"])

    @property
    def line_items_url(self) -> str:
        """As a launch names it."""
        return str(self.claims[c.AGS_ENDPOINT]["lineitems"])

    @property
    def line_item_url(self) -> str:
        """As a launch names it."""
        return str(self.claims[c.AGS_ENDPOINT]["lineitem"])

    def score(self, user_id: str = "u-learner", url: str = "", **changes: Any) -> HttpResponse:
        """Send a good score, some members changed; None leaves one out."""
        sent = {
            "userId": user_id,
            "timestamp": self.platform.clock.now().isoformat(),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": 8,
            "scoreMaximum": 10,
        }
        body = {name: value for name, value in {**sent, **changes}.items() if value is not None}
        return self.put_in("scores", below(url or self.line_item_url, "scores"), body)

    def results(self, url: str = "", **query: str) -> HttpResponse:
        """Read the results of a line item."""
        address = below(url or self.line_item_url, "results")
        joint = "&" if "?" in address else "?"
        return self.get("results", f"{address}{joint}{urlencode(query)}" if query else address)


def below(url: str, name: str) -> str:
    """The address of a line item's scores or results: before the query."""
    path, mark, query = url.partition("?")
    return f"{path}/{name}{mark}{query}"


def read(response: HttpResponse) -> Any:
    """The JSON of an answer."""
    return json.loads(response.body)
