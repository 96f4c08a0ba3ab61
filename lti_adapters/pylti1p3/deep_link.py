"""DeepLink: the signed answer to a request for content."""

import secrets
from collections.abc import Sequence
from html import escape
from typing import Any

from lti_adapters.pylti1p3.deep_link_resource import DeepLinkResource
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.key_texts import pem_text
from lti_adapters.pylti1p3.parts import CLOCK
from lti_adapters.pylti1p3.registration import Registration
from lti_core import claims as c
from lti_core.deep_linking.response import CONTENT_ITEMS, DATA
from lti_core.errors import LtiError
from lti_core.keys import read_private_key

TDeepLinkData = dict[str, Any]
LIFETIME = 600  # seconds
_FORM = "lti13_deep_link_auto_submit"


class DeepLink:
    """Over the settings of the request.

    Raises, from whatever makes an answer:
        LtiException: more is picked than the platform accepts, or the tool has no key to sign with.
    """

    def __init__(self, registration: Registration, deployment_id: str, deep_link_settings: TDeepLinkData) -> None:
        self._registration = registration
        self._deployment_id = deployment_id
        self._deep_link_settings = deep_link_settings

    def get_message_jwt(self, resources: Sequence[DeepLinkResource]) -> dict[str, Any]:
        """The claims of the answer."""
        now = int(CLOCK.now().timestamp())
        items = [resource.to_dict() for resource in resources]
        self._refuse_unaccepted(items)
        message = {
            "iss": self._registration.get_client_id(),
            "aud": [self._registration.get_issuer()],
            "exp": now + LIFETIME,
            "iat": now,
            "nonce": f"nonce-{secrets.token_hex(32)}",
            c.DEPLOYMENT_ID: self._deployment_id,
            c.MESSAGE_TYPE: "LtiDeepLinkingResponse",
            c.VERSION: c.LTI_VERSION,
            CONTENT_ITEMS: items,
        }
        data = self._deep_link_settings.get("data")
        return message if data is None else {**message, DATA: data}

    def encode_jwt(self, message: dict[str, Any]) -> str:
        """`message`, signed with the tool's key towards the platform."""
        pem = self._registration.get_tool_private_key()
        if not pem:
            raise LtiException("The registration has no private key of the tool to sign with")
        try:
            key = read_private_key(pem_text(pem))
            return key.sign(message, {"typ": "JWT", "kid": self._registration.get_kid() or key.kid})
        except LtiError as error:
            raise LtiException(str(error)) from error

    def get_response_jwt(self, resources: Sequence[DeepLinkResource]) -> str:
        """The signed answer."""
        return self.encode_jwt(self.get_message_jwt(resources))

    def get_response_form_html(self, jwt_val: str) -> str:
        """A form that takes the answer to the platform: by itself, or by its button where scripts do not run."""
        url = escape(str(self._deep_link_settings["deep_link_return_url"]))
        return (
            f'<form id="{_FORM}" action="{url}" method="POST">'
            f'<input type="hidden" name="JWT" value="{escape(jwt_val)}">'
            '<noscript><input type="submit" name="Go"></noscript></form>'
            f'<script type="text/javascript">document.getElementById("{_FORM}").submit();</script>'
        )

    def output_response_form(self, resources: Sequence[DeepLinkResource]) -> str:
        """The form for the signed answer."""
        return self.get_response_form_html(self.get_response_jwt(resources))

    def _refuse_unaccepted(self, items: Sequence[dict[str, Any]]) -> None:
        settings = self._deep_link_settings
        if len(items) > 1 and settings.get("accept_multiple") in (False, "false"):
            raise LtiException("The platform accepts one item only")
        accepted = settings.get("accept_types")
        for item in items:
            if isinstance(accepted, list) and item.get("type") not in accepted:
                raise LtiException(f"The platform does not accept items of the type {item.get('type')}")
