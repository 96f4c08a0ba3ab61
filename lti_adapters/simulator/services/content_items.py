"""Content items of a deep linking response, as a platform reads them (Deep Linking 2.0 §3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen

from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.courses import Activity
from lti_adapters.simulator.services.numbers import is_number

SPEC = "Deep Linking 2.0 §3"
MOST_ITEMS = 100
NEEDS_URL = frozenset({"link", "file", "image"})
UNTITLED = "Without a title"


@frozen(kw_only=True)
class Item:
    """One content item. `line_item` has what a line item of the gradebook needs; None when the item has none."""

    type: str
    sent: Mapping[str, Any]
    title: str
    url: str | None
    line_item: Mapping[str, object] | None

    def activity(self, link_id: str, launch_url: str) -> Activity:
        """The link that it becomes."""
        custom = self.sent.get("custom")
        graded = self.line_item is not None
        return Activity(
            id=link_id,
            title=self.title,
            description=_text(self.sent.get("text")) or "",
            custom={str(name): str(value) for name, value in custom.items()} if isinstance(custom, dict) else {},
            graded=graded,
            maximum=float(str(self.line_item["scoreMaximum"])) if self.line_item is not None else 10,
            target_link_uri=self.url or launch_url,
        )


def read_items(value: object) -> tuple[Item, ...]:
    """The items of a response, checked one by one.

    Raises:
        PlatformRefused: `platform.response_items_malformed`.
    """
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise _malformed(f"content_items must be an array of at most {MOST_ITEMS} items.")
    return tuple(_item(entry, number) for number, entry in enumerate(value, 1))


def check_items(items: tuple[Item, ...], settings: Mapping[str, Any]) -> None:
    """Refuse items that the request did not ask for.

    Raises:
        PlatformRefused: `platform.response_type_not_accepted`, `platform.response_multiple_not_accepted`,
            `platform.response_line_item_not_accepted`.
    """
    accepted = settings.get("accept_types", [])
    for item in items:
        if item.type not in accepted:
            message = f"The request does not accept items of the type {item.type}."
            raise PlatformRefused("platform.response_type_not_accepted", message, SPEC, ", ".join(accepted), item.type)
        if item.line_item is not None and settings.get("accept_lineitem") is False:
            message = "The request does not accept line items."
            raise PlatformRefused("platform.response_line_item_not_accepted", message, SPEC)
    if len(items) > 1 and settings.get("accept_multiple") is False:
        message = "The request accepts one item only."
        raise PlatformRefused("platform.response_multiple_not_accepted", message, SPEC, 1, len(items))


def _item(entry: object, number: int) -> Item:
    kind = entry.get("type") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(kind, str) or not kind:
        raise _malformed(f"Item {number} must be an object with a type.")
    url, title = entry.get("url"), entry.get("title")
    for name in ("title", "text", "url", "html"):
        if not isinstance(entry.get(name, ""), str):
            raise _malformed(f"{name} of item {number} must be a text.")
    if (kind in NEEDS_URL or url is not None) and not _is_web(url):
        raise _malformed(f"url of item {number} must be an absolute address.")
    if kind == "html" and not entry.get("html"):
        raise _malformed(f"Item {number} needs html.")
    _check_custom(entry.get("custom"), number)
    for name in ("available", "submission"):
        _check_span(entry.get(name), name, number)
    return Item(
        type=kind,
        sent=entry,
        title=title or UNTITLED,
        url=url,
        line_item=_line_item(entry["lineItem"], title or UNTITLED, number) if "lineItem" in entry else None,
    )


def _check_custom(custom: object, number: int) -> None:
    texts = isinstance(custom, dict) and all(isinstance(value, str) for value in custom.values())
    if custom is not None and not texts:
        raise _malformed(f"custom of item {number} must be an object of texts.")


def _check_span(span: object, name: str, number: int) -> None:
    if span is None:
        return
    try:
        begins, ends = (_time(span, member) for member in ("startDateTime", "endDateTime"))
        sound = begins is None or ends is None or begins <= ends
    except (ValueError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise _malformed(f"{name} of item {number} must hold dates and times with a zone, in order.")


def _time(span: Any, member: str) -> datetime | None:
    text = span.get(member)
    read = datetime.fromisoformat(text) if text is not None else None
    if read is not None and read.tzinfo is None:
        raise ValueError("no zone")
    return read


def _line_item(sent: object, title: str, number: int) -> dict[str, object]:
    maximum = sent.get("scoreMaximum") if isinstance(sent, dict) else None
    if not isinstance(sent, dict) or not is_number(maximum) or maximum <= 0:
        raise _malformed(f"lineItem of item {number} needs a scoreMaximum above 0.")
    for name in ("label", "resourceId", "tag"):
        if not isinstance(sent.get(name, ""), str):
            raise _malformed(f"{name} in lineItem of item {number} must be a text.")
    return {**sent, "label": sent.get("label") or title}


def _is_web(url: object) -> bool:
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _malformed(problem: str) -> PlatformRefused:
    return PlatformRefused("platform.response_items_malformed", problem, SPEC)
