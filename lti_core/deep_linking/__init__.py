"""Deep linking: content items, and the signed response that brings them to the platform (Deep Linking 2.0)."""

from lti_core.deep_linking.checks import ContentItemRefused
from lti_core.deep_linking.documents import content_item_document, content_items_from
from lti_core.deep_linking.items import ContentItem, File, HtmlFragment, Image, Link, LtiResourceLink, VendorItem
from lti_core.deep_linking.parts import (
    Embed,
    Icon,
    Iframe,
    LinkIframe,
    NewLineItem,
    Period,
    SubmissionReview,
    Window,
)
from lti_core.deep_linking.response import DeepLinkingResponse, deep_linking_response

__all__ = [
    "ContentItem",
    "ContentItemRefused",
    "DeepLinkingResponse",
    "Embed",
    "File",
    "HtmlFragment",
    "Icon",
    "Iframe",
    "Image",
    "Link",
    "LinkIframe",
    "LtiResourceLink",
    "NewLineItem",
    "Period",
    "SubmissionReview",
    "VendorItem",
    "Window",
    "content_item_document",
    "content_items_from",
    "deep_linking_response",
]
