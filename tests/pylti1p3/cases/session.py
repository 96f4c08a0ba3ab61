"""A session as programs hand one over: it answers what a case says, and keeps what it was asked."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.pylti1p3.cases.kit import CLIENT_ID, ISSUER, Of, done, private_pem, public_pem


class Headers(dict[str, str]):
    """Found by their names in any case, as those of a session are."""

    def get(self, name: str, default: Any = None) -> Any:
        return next((value for known, value in self.items() if known.lower() == name.lower()), default)


class Answered:
    """What a session answers, as much of it as either package reads."""

    def __init__(self, body: Any, status: int, url: str, **headers: str) -> None:
        self.text = body if isinstance(body, str) else json.dumps(body)
        self.content, self.status_code, self.ok, self.url = self.text.encode(), status, status < 400, url
        self.headers = Headers({"Content-Type": "application/json", **headers})

    def json(self) -> Any:
        return json.loads(self.text)


class Session:
    """Answers addresses with what is given for them: a body, `(status, body)`, or `(status, body, headers)`."""

    def __init__(self, pages: Mapping[str, Any], token: Any = None) -> None:
        self.pages, self.token = pages, token or {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
        self.asked: list[list[Any]] = []
        self.tokens: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}

    def get(self, url: str, headers: Any = None, **_: Any) -> Answered:
        self.asked.append(["GET", url, dict(headers or {}).get("Accept")])
        return self._answer("GET", url)

    def post(self, url: str, data: Any = None, headers: Any = None, **_: Any) -> Answered:
        if url == f"{ISSUER}/token":
            form = data if isinstance(data, dict) else {name: one[0] for name, one in parse_qs(data.decode()).items()}
            self.tokens.append(form)
            return self.made(self.token, url)
        text = data.decode() if isinstance(data, bytes) else data
        self.asked.append(["POST", url, dict(headers or {}).get("Content-Type"), json.loads(text)])
        return self._answer("POST", url)

    def _answer(self, method: str, url: str) -> Answered:
        found = self.pages.get(f"{method} {url}", self.pages.get(url))
        found = found.pop(0) if isinstance(found, InTurn) else found
        if isinstance(found, Exception):
            raise found
        return self.made((404, {}) if found is None else found, url)

    @staticmethod
    def made(found: Any, url: str) -> Answered:
        """An answer of a body, or of more than that."""
        if not isinstance(found, tuple):
            return Answered(found, 200, url)
        status, body, *headers = found
        return Answered(body, status, url, **(headers[0] if headers else {}))


class InTurn(list[Any]):
    """Answers of one address, one after the other."""


_SHARED = Session({})


def over(pages: Mapping[str, Any]) -> Session:
    """One session for all cases that are not about tokens: each new one would load the tool's key again."""
    _SHARED.pages, _SHARED.asked = pages, []
    return _SHARED


def connector(of: Of, session: Session) -> Any:
    """Over that session."""
    made = of("registration").Registration().set_issuer(ISSUER).set_client_id(CLIENT_ID)
    made.set_auth_token_url(f"{ISSUER}/token").set_auth_login_url(f"{ISSUER}/auth")
    made.set_tool_private_key(private_pem("tool")).set_tool_public_key(public_pem("tool"))
    return of("service_connector").ServiceConnector(made, session)


def asked(session: Session, act: Any) -> Any:
    """What came of it, and what was sent."""
    return {**done(act), "sent": session.asked}
