"""LtiDeepLinkingRequest: somebody picks content of this tool for a course."""

from typing import Annotated
from urllib.parse import urlsplit

from attrs import field, frozen

from lti_core import claims as c
from lti_core.messages.message import LaunchMessage, MessageType
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule, address_shown
from lti_core.structuring import Claimed, lenient_bool

_SPEC = "Deep Linking 2.0 §4.4.1"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@frozen(kw_only=True)
class DeepLinkingSettings(Claimed):
    """What the platform accepts, and where the answer goes.

    Attributes:
        accept_multiple: None when the platform does not say; one item is always safe.
        accept_line_item: True: line items are made; False: ignored; None: no promise.
        data: opaque; comes back in the answer as it was, also when it is empty. None: there was none.
    """

    deep_link_return_url: str
    accept_types: c.TextList
    accept_presentation_document_targets: c.TextList
    accept_media_types: Annotated[tuple[str, ...], c.named("accept_media_types", c.media_types)] = ()
    accept_multiple: Annotated[bool | None, c.named("accept_multiple", lenient_bool)] = None
    accept_line_item: Annotated[bool | None, c.named("accept_lineitem", lenient_bool)] = None
    auto_create: Annotated[bool | None, c.named("auto_create", lenient_bool)] = None
    title: str | None = None
    text: str | None = None
    data: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class DeepLinkingRequest(LaunchMessage):
    """Who picks content, and what the platform accepts (Deep Linking 2.0 §4)."""

    deep_linking_settings: Annotated[DeepLinkingSettings, c.named(c.DEEP_LINKING_SETTINGS)]


def _member(claims: Claims, name: str) -> object:
    settings = claims.get(c.DEEP_LINKING_SETTINGS)
    return settings.get(name) if isinstance(settings, dict) else None


def settings_are_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch says what the platform accepts."""
    if isinstance(claims.get(c.DEEP_LINKING_SETTINGS), dict):
        return None
    return Mismatch("The launch has no deep linking settings.", "an object")


def return_url_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch says where the picked content goes."""
    found = _member(claims, "deep_link_return_url")
    return None if isinstance(found, str) and found else Mismatch("There is no return address.", "an https address")


def return_url_is_secure(claims: Claims, expected: Expected) -> Mismatch | None:
    """The return address is https, or as insecure as the platform itself."""
    found = _member(claims, "deep_link_return_url")
    try:
        parts = urlsplit(found) if isinstance(found, str) and found.isprintable() else None
    except ValueError:
        parts = None
    if parts is not None and parts.hostname and "@" not in parts.netloc:
        platform = urlsplit(expected.registration.login_url)
        tolerated = parts.hostname in (*_LOOPBACK, platform.hostname) and platform.scheme == "http"
        if parts.scheme == "https" or (parts.scheme == "http" and tolerated):
            return None
    return Mismatch("The return address is not an https address.", "an https address", address_shown(found))


def types_are_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch lists the accepted types of content."""
    found = _member(claims, "accept_types")
    return Mismatch("There is no list of accepted types.", "an array") if found is None else None


def targets_are_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch lists where content may be shown."""
    found = _member(claims, "accept_presentation_document_targets")
    return Mismatch("There is no list of accepted document targets.", "an array") if found is None else None


def stands_in_the_platforms_frame(_: Claims, expected: Expected) -> Mismatch | None:
    """The request was opened where its answer can reach the platform."""
    if not expected.state.new_window:
        return None
    return Mismatch("Content cannot be chosen in a window of its own: the platform waits for the answer in its page.")


MESSAGE_TYPE = MessageType(
    "LtiDeepLinkingRequest",
    DeepLinkingRequest,
    (
        Rule("launch.new_window", _SPEC, stands_in_the_platforms_frame),
        Rule("launch.deep_linking_settings_missing", _SPEC, settings_are_given),
        Rule("launch.deep_link_return_url_missing", _SPEC, return_url_is_given),
        Rule("launch.deep_link_return_url_invalid", _SPEC, return_url_is_secure),
        Rule("launch.accept_types_missing", _SPEC, types_are_given),
        Rule("launch.accept_targets_missing", _SPEC, targets_are_given),
    ),
)
