"""Registration: one platform's agreement with this tool, as configurations hand it out."""

import json
from typing import Any, Self

from lti_adapters.pylti1p3.key_texts import jwk_text

TKey = dict[str, Any]
TKeySet = dict[str, list[TKey]]


class Registration:
    """Set piece by piece; what was not set is None."""

    _issuer: str | None = None
    _client_id: str | None = None
    _key_set: TKeySet | None = None
    _key_set_url: str | None = None
    _auth_token_url: str | None = None
    _auth_login_url: str | None = None
    _auth_audience: str | None = None
    _tool_private_key: str | None = None
    _tool_public_key: str | None = None

    def get_issuer(self) -> str | None:
        """`iss` of the platform."""
        return self._issuer

    def set_issuer(self, issuer: str) -> Self:
        """Set it."""
        self._issuer = issuer
        return self

    def get_client_id(self) -> str | None:
        """What the platform calls this tool."""
        return self._client_id

    def set_client_id(self, client_id: str) -> Self:
        """Set it."""
        self._client_id = client_id
        return self

    def get_key_set(self) -> TKeySet | None:
        """The platform's keys themselves."""
        return self._key_set

    def set_key_set(self, key_set: TKeySet | None) -> Self:
        """Set it."""
        self._key_set = key_set
        return self

    def get_key_set_url(self) -> str | None:
        """Where the platform publishes its keys."""
        return self._key_set_url

    def set_key_set_url(self, key_set_url: str | None) -> Self:
        """Set it."""
        self._key_set_url = key_set_url
        return self

    def get_auth_token_url(self) -> str | None:
        """Where access tokens come from."""
        return self._auth_token_url

    def set_auth_token_url(self, auth_token_url: str) -> Self:
        """Set it."""
        self._auth_token_url = auth_token_url
        return self

    def get_auth_login_url(self) -> str | None:
        """Where authentication requests go."""
        return self._auth_login_url

    def set_auth_login_url(self, auth_login_url: str) -> Self:
        """Set it."""
        self._auth_login_url = auth_login_url
        return self

    def get_auth_audience(self) -> str | None:
        """`aud` of token requests, where it is not the token URL."""
        return self._auth_audience

    def set_auth_audience(self, auth_audience: str | None) -> Self:
        """Set it."""
        self._auth_audience = auth_audience
        return self

    def get_tool_private_key(self) -> str | None:
        """The tool's key towards this platform, as PEM text."""
        return self._tool_private_key

    def set_tool_private_key(self, tool_private_key: str | None) -> Self:
        """Set it."""
        self._tool_private_key = tool_private_key
        return self

    def get_tool_public_key(self) -> str | None:
        """Its public part, as PEM text."""
        return self._tool_public_key

    def set_tool_public_key(self, tool_public_key: str | None) -> Self:
        """Set it."""
        self._tool_public_key = tool_public_key
        return self

    @classmethod
    def get_jwk(cls, public_key: str) -> TKey:
        """The JWK of a public key; its `kid` is the thumbprint (RFC 7638).

        Raises:
            ValueError: it is no public key that LTI can use.
        """
        made: TKey = json.loads(jwk_text(public_key))
        return made

    def get_jwks(self) -> list[TKey]:
        """The tool's public key as a JWK; none where none was set."""
        public_key = self.get_tool_public_key()
        return [self.get_jwk(public_key)] if public_key else []

    def get_kid(self) -> str | None:
        """The name of the tool's public key; None where none was set."""
        return next((jwk["kid"] for jwk in self.get_jwks()), None)
