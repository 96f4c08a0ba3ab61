"""Registration: one platform's agreement with this tool."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen

from lti_core.errors import ConfigurationError


def key_of(*names: str) -> str:
    """One text for several names, unique over all of them: 64 hexadecimal digits, good as a database column."""
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


def as_ids(values: str | Iterable[str]) -> frozenset[str]:
    """A lone string is one id, not its letters."""
    return frozenset([values] if isinstance(values, str) else values)


def _present(_: object, attribute: "Attribute[Any]", value: object) -> None:
    if not isinstance(value, str) or not value:
        raise ConfigurationError("config.value_missing", f"{attribute.name} must be a text that is not empty.")


def _absolute_url(_: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        sound = parts is not None and parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise ConfigurationError(
            "config.url_invalid", f"{attribute.name} must be an absolute https address.", found=value
        )


@frozen(kw_only=True)
class Registration:
    """One platform's agreement with this tool; found by `issuer` and `client_id`.

    Attributes:
        issuer: `iss` of the platform, compared as text, letter for letter.
        client_id: what the platform calls this tool.
        login_url: where authentication requests go (`auth_login_url` of a registrations file).
        token_url: where access tokens come from (`auth_token_url`).
        audience: `aud` of our token requests where it is not the token URL (`auth_audience`).
        key_set_url: where the platform publishes its keys; or
        key_set: the keys themselves, as a JWKS.
        deployment_ids: the deployments that were agreed on.
        deployments: "closed": only those; "any": each new one is accepted, recorded, and offered to a hook.
        private_key: the tool's key towards this platform, as PEM text; None: the tool's common keys are used.
        default: picked when a login names an issuer with several client ids but no client id.

    Raises:
        ConfigurationError: `config.value_missing`, `config.url_invalid`, `config.key_set_missing`,
            `config.deployments_invalid`.

    Source: LTI 1.3 §3.1.3 and §6.
    """

    issuer: str = field(validator=_present)
    client_id: str = field(validator=_present)
    login_url: str = field(validator=_absolute_url)
    token_url: str | None = field(default=None, validator=_absolute_url)
    audience: str | None = None
    key_set_url: str | None = field(default=None, validator=_absolute_url)
    key_set: Mapping[str, object] | None = field(default=None, hash=False, repr=False)
    deployment_ids: frozenset[str] = field(default=frozenset(), converter=as_ids)
    deployments: Literal["closed", "any"] = "closed"
    private_key: str | None = field(default=None, repr=False)
    default: bool = False
    key: str = field(init=False, eq=False, repr=False)

    @key.default
    def _key(self) -> str:
        return key_of(str(self.issuer), str(self.client_id))

    def __attrs_post_init__(self) -> None:
        if self.login_url is None:
            raise ConfigurationError("config.value_missing", "login_url must be an absolute https address.")
        if self.key_set_url is None and self.key_set is None:
            raise ConfigurationError(
                "config.key_set_missing", "A registration needs the platform's keys: give key_set_url or key_set."
            )
        if self.deployments not in ("closed", "any"):
            raise ConfigurationError(
                "config.deployments_invalid",
                'deployments must be "closed" or "any".',
                expected="closed, any",
                found=self.deployments,
            )

    def knows(self, deployment_id: str) -> bool:
        """Whether a launch of that deployment is covered by this agreement."""
        return self.deployments == "any" or deployment_id in self.deployment_ids
