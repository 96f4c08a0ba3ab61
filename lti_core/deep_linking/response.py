"""The answer to a deep linking request: a signed token that the browser takes to the platform.

Source: Deep Linking 2.0, Deep linking response message; 1EdTech Security Framework 1.0, Tool-originating messages.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypedDict

from attrs import field, frozen

from lti_core import claims as c
from lti_core.deep_linking.checks import is_text
from lti_core.deep_linking.documents import content_item_document
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.rules import LineItems, fit
from lti_core.errors import AccessRefused, InvalidValue
from lti_core.keys import SigningKey
from lti_core.messages.deep_linking import DeepLinkingRequest
from lti_core.messages.message import LaunchMessage
from lti_core.rules.rule import TargetUrls, Warned

LIFETIME = timedelta(minutes=5)
USUAL_TOKEN = 512 * 1024
_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
CONTENT_ITEMS = _DL + "content_items"
DATA = _DL + "data"
_SPEC = "Deep Linking 2.0, Deep linking response message"


class Said(TypedDict, total=False):
    """What goes with the items: as of `deep_linking_response`."""

    message: str | None
    log: str | None
    error_message: str | None
    error_log: str | None
    line_items: LineItems


@frozen(kw_only=True)
class DeepLinkingResponse:
    """A form for the browser to post.

    Attributes:
        jwt: the signed token, good for five minutes.
        return_url: the platform's address that it goes to.
        items: what it holds.
        warnings: what was left out of the items, and what may go wrong with them.
    """

    jwt: str = field(repr=False)
    return_url: str
    items: tuple[ContentItem, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The fields of the form."""
        return (("JWT", self.jwt),)


def deep_linking_response(
    request: LaunchMessage,
    items: Iterable[ContentItem],
    key: SigningKey,
    now: datetime,
    *,
    own_urls: TargetUrls,
    message: str | None = None,
    log: str | None = None,
    error_message: str | None = None,
    error_log: str | None = None,
    line_items: LineItems = "refuse",
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> DeepLinkingResponse:
    """Answer a deep linking request with what was picked; with no items where nothing was.

    Args:
        request: the launch, as it was or as it is remembered.
        key: the tool's key towards that platform.
        own_urls: the tool's launch addresses; a resource link that leads elsewhere is warned about.
        message, log: plain text for the user, and for the platform's log.
        error_message, error_log: the same where something went wrong.
        line_items: "refuse" or "drop" line items where the platform ignores them.

    Raises:
        AccessRefused: `deep_linking.not_requested` when the launch is no deep linking request.
        InvalidValue: what the platform does not accept, with the codes of `lti_core.deep_linking.rules.fit`;
            `deep_linking.message_malformed` when a message is no text.
    """
    if not isinstance(request, DeepLinkingRequest):
        text = "This launch did not ask for content; only a deep linking request can be answered with some."
        raise AccessRefused("deep_linking.not_requested", text, _SPEC, "LtiDeepLinkingRequest", request.message_type)
    fitted = fit(tuple(items), request, line_items=line_items, own_urls=own_urls)
    settings, issued_at = request.deep_linking_settings, int(now.timestamp())
    said = {"data": settings.data, **_texts(msg=message, log=log, errormsg=error_message, errorlog=error_log)}
    jwt = key.sign(
        {
            "iss": request.client_id,
            "aud": request.issuer,
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
            "nonce": urlsafe_b64encode(random(32)).rstrip(b"=").decode(),
            c.DEPLOYMENT_ID: request.deployment_id,
            c.MESSAGE_TYPE: "LtiDeepLinkingResponse",
            c.VERSION: c.LTI_VERSION,
            CONTENT_ITEMS: [content_item_document(item) for item in fitted.items],
            **{_DL + name: text for name, text in said.items() if text is not None},
        }
    )
    return DeepLinkingResponse(
        jwt=jwt,
        return_url=settings.deep_link_return_url,
        items=fitted.items,
        warnings=(*fitted.warnings, *_size_warning(jwt)),
    )


def _texts(**messages: str | None) -> dict[str, str | None]:
    for name, value in messages.items():
        if value is not None and not is_text(value):
            raise InvalidValue("deep_linking.message_malformed", f"{name} must be a plain text.", _SPEC)
    return messages


def _size_warning(jwt: str) -> tuple[Warned, ...]:
    if len(jwt) <= USUAL_TOKEN:
        return ()
    message = "The token is over 512 KiB long: the platform's server may refuse so large a form."
    return (Warned("deep_linking.token_large", message, ""),)
