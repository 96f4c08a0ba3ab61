"""The platform's authorization endpoint: what a tool's authentication request must say (OIDC step 2)."""

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from lti_core.errors import LtiError

DEMANDED = (
    ("scope", "openid", "invalid_scope"),
    ("response_type", "id_token", "unsupported_response_type"),
    ("response_mode", "form_post", "invalid_request"),
    ("prompt", "none", "invalid_request"),
)
"""Parameters whose value is fixed, and the error that another value gets."""


class PlatformRefused(LtiError):
    """The platform cannot answer at all: it must not send a browser to an address that it does not know."""


@frozen(kw_only=True)
class AuthenticationRequest:
    """What a tool asks the platform for; `repeated` are the names of parameters that came more than once."""

    parameters: Mapping[str, str] = field(repr=False)
    repeated: tuple[str, ...] = ()

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> "AuthenticationRequest":
        """The request in the parameters of a query or a form."""
        sent = tuple(pairs)
        counted = Counter(name for name, _ in sent)
        return cls(parameters=dict(sent), repeated=tuple(name for name, times in counted.items() if times > 1))

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, "")

    def refuse_strangers(self, client_id: str, redirect_uris: Iterable[str]) -> None:
        """Refuse a tool, or an address of it, that is not registered.

        Raises:
            PlatformRefused: `platform.client_unknown`, `platform.redirect_uri_unknown`.

        Source: RFC 6749 §4.1.2.1; 1EdTech Security Framework 1.0 §5.1.1.2.
        """
        if self["client_id"] != client_id or "client_id" in self.repeated:
            message = "No tool with that client id is registered here."
            raise PlatformRefused("platform.client_unknown", message, expected=client_id, found=self["client_id"])
        known = tuple(redirect_uris)
        if self["redirect_uri"] not in known or "redirect_uri" in self.repeated:
            message = "That redirect address is not registered for the tool."
            found = self["redirect_uri"]
            raise PlatformRefused("platform.redirect_uri_unknown", message, expected=", ".join(known), found=found)

    @property
    def problem(self) -> tuple[str, str] | None:
        """The error word and a sentence for what the request says wrongly; None when it is sound.

        Source: 1EdTech Security Framework 1.0 §5.1.1.2; OIDC Core 1.0 §3.1.2.6.
        """
        if self.repeated:
            return "invalid_request", f"The parameter {self.repeated[0]} came twice."
        for name, value, error in DEMANDED:
            if self[name] != value:
                return error, f"{name} must be {value}."
        for name in ("nonce", "state", "login_hint", "lti_message_hint"):
            if not self[name]:
                return "invalid_request", f"{name} is missing."
        return None
