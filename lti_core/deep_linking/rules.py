"""What a platform accepts of the items that were picked: refused, left out with a warning, or warned about.

Source: Deep Linking 2.0, Deep linking settings and Content item types.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from attrs import evolve, frozen

from lti_core.deep_linking.checks import SPEC, ContentItemRefused
from lti_core.deep_linking.items import ContentItem, File, Image, Link, LtiResourceLink
from lti_core.errors import InvalidValue
from lti_core.messages.deep_linking import DeepLinkingRequest, DeepLinkingSettings
from lti_core.rules.rule import TargetUrls, Warned

LineItems = Literal["refuse", "drop"]
_SETTINGS = "Deep Linking 2.0, Deep linking settings"
_TARGETS = ("embed", "window", "iframe")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@frozen
class Fitted:
    """Items that the platform accepts, and what was left out of them or may go wrong with them."""

    items: tuple[ContentItem, ...]
    warnings: tuple[Warned, ...]


def fit(
    items: Sequence[ContentItem], request: DeepLinkingRequest, *, line_items: LineItems, own_urls: TargetUrls
) -> Fitted:
    """The items as the platform accepts them.

    Args:
        line_items: what becomes of line items where the platform ignores them.
        own_urls: the tool's launch addresses.

    Raises:
        InvalidValue: `deep_linking.multiple_not_accepted`.
        ContentItemRefused: with the item's `position`: `deep_linking.item_malformed`,
            `deep_linking.type_not_accepted`, `deep_linking.media_type_not_accepted`,
            `deep_linking.line_item_not_accepted`.
    """
    settings = request.deep_linking_settings
    if settings.accept_multiple is False and len(items) > 1:
        message = "The platform accepts one item only."
        raise InvalidValue("deep_linking.multiple_not_accepted", message, _SETTINGS, 1, len(items))
    fitting: list[ContentItem] = []
    warnings: list[Warned] = []
    for position, item in enumerate(items, 1):
        try:
            _refuse_unaccepted(item, settings)
            kept, left_out = _without_line_item(item, settings, line_items)
        except ContentItemRefused as refusal:
            raise refusal.at(position) from None
        kept, not_shown = _without_targets(kept, settings)
        told = (*left_out, *not_shown, *_doubts(kept, request, own_urls))
        fitting.append(kept)
        warnings += (evolve(one, message=f"Item {position}: {one.message}") for one in told)
    return Fitted(tuple(fitting), tuple(warnings))


def _refuse_unaccepted(item: ContentItem, settings: DeepLinkingSettings) -> None:
    if not isinstance(item, ContentItem):
        message = "This is no content item; read JSON documents with content_items_from."
        raise ContentItemRefused("deep_linking.item_malformed", message, SPEC)
    if item.type not in settings.accept_types:
        message = "The platform does not accept items of that type here."
        accepted = ", ".join(settings.accept_types)
        raise ContentItemRefused("deep_linking.type_not_accepted", message, _SETTINGS, accepted, item.type)
    if isinstance(item, File) and not _accepts_media(settings.accept_media_types, item.media_type):
        message = "The platform does not accept files of that media type here."
        accepted = ", ".join(settings.accept_media_types)
        raise ContentItemRefused("deep_linking.media_type_not_accepted", message, _SETTINGS, accepted, item.media_type)


def _accepts_media(accepted: tuple[str, ...], media_type: str | None) -> bool:
    """Whether a file of that type is welcome; also when either side does not say."""
    if not accepted or media_type is None:
        return True
    main, _, sub = _bare(media_type).partition("/")
    return not {f"{main}/{sub}", f"{main}/*", "*/*", "*"}.isdisjoint(map(_bare, accepted))


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _without_line_item(
    item: ContentItem, settings: DeepLinkingSettings, line_items: LineItems
) -> tuple[ContentItem, tuple[Warned, ...]]:
    if not isinstance(item, LtiResourceLink) or item.line_item is None or settings.accept_line_item is not False:
        return item, ()
    if line_items != "drop":
        message = "The platform makes no line items here; leave it out, or let it be dropped."
        raise ContentItemRefused("deep_linking.line_item_not_accepted", message, _SETTINGS)
    message = "The platform makes no line items here: it was left out."
    return evolve(item, line_item=None), (Warned("deep_linking.line_item_not_accepted", message, _SETTINGS),)


def _without_targets(item: ContentItem, settings: DeepLinkingSettings) -> tuple[ContentItem, tuple[Warned, ...]]:
    """The item without ways to show it that the platform does not accept."""
    accepted = settings.accept_presentation_document_targets
    unwanted = [name for name in _TARGETS if name not in accepted and getattr(item, name, None) is not None]
    if not unwanted:
        return item, ()
    message = f"The platform does not show items in that way: {' and '.join(unwanted)} left out."
    shown: Any = item  # of a class that has these fields
    return evolve(shown, **dict.fromkeys(unwanted)), (Warned("deep_linking.target_not_accepted", message, _SETTINGS),)


def _doubts(item: ContentItem, request: DeepLinkingRequest, own_urls: TargetUrls) -> Iterator[Warned]:
    """What is sent all the same, but may not work."""
    if isinstance(item, LtiResourceLink) and item.url is not None and not own_urls.have(item.url):
        message = "The address is none of this tool's launch addresses: the platform may not be able to launch it."
        yield Warned("deep_linking.url_foreign", message, SPEC)
    if isinstance(item, Link | LtiResourceLink | File | Image) and item.url is not None and _is_insecure(item.url):
        message = "The address is not https: browsers may show nothing."
        yield Warned("deep_linking.url_insecure", message, SPEC)
    if _is_moodle(request) and isinstance(item, LtiResourceLink) and item.line_item is not None:
        maximum = item.line_item.score_maximum
        if maximum != int(maximum) or not 1 <= maximum <= 100:
            message = "Moodle takes a scoreMaximum from 1 to 100, a whole number, and saves no item with another one."
            yield Warned("deep_linking.score_maximum_unsupported", message, "")


def _is_insecure(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def _is_moodle(request: DeepLinkingRequest) -> bool:
    return request.tool_platform is not None and request.tool_platform.product_family_code == "moodle"
