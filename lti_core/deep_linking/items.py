"""Content items: what somebody may pick. Each is checked when it is made, and raises `ContentItemRefused`.

Codes: `deep_linking.url_missing`, `deep_linking.url_invalid`, `deep_linking.html_missing`,
`deep_linking.score_maximum_invalid`, `deep_linking.time_invalid`, `deep_linking.custom_malformed`,
`deep_linking.type_malformed`, `deep_linking.property_malformed`, `deep_linking.property_unknown`.

Source: Deep Linking 2.0, Content item types.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from attrs import field, frozen
from attrs.validators import optional

from lti_core.deep_linking import checks
from lti_core.deep_linking.parts import Embed, Icon, Iframe, LinkIframe, NewLineItem, Part, Period, Window


@frozen(kw_only=True)
class _Described(Part):
    """An item with plain words about it."""

    title: str | None = field(default=None, validator=optional(checks.text))
    text: str | None = field(default=None, validator=optional(checks.text))


@frozen(kw_only=True)
class _Illustrated(_Described):
    """An item with images beside it."""

    icon: Icon | None = field(default=None, validator=optional(checks.of_class(Icon)))
    thumbnail: Icon | None = field(default=None, validator=optional(checks.of_class(Icon)))


@frozen(kw_only=True)
class Link(_Illustrated):
    """Any web page. Of `embed`, `window` and `iframe` the platform chooses one."""

    type: ClassVar[str] = "link"
    url: str = field(validator=checks.url)
    embed: Embed | None = field(default=None, validator=optional(checks.of_class(Embed)))
    window: Window | None = field(default=None, validator=optional(checks.of_class(Window)))
    iframe: LinkIframe | None = field(default=None, validator=optional(checks.of_class(LinkIframe)))


@frozen(kw_only=True)
class LtiResourceLink(_Illustrated):
    """A link that launches this tool.

    Attributes:
        url: where it leads, one of the tool's launch addresses; None: where the registration says.
        custom: custom parameters of its launches. A value may be a variable, as `$ResourceLink.id`.
        available: when it can be opened.
        submission: when work can be handed in.
    """

    type: ClassVar[str] = "ltiResourceLink"
    url: str | None = field(default=None, validator=optional(checks.url))
    window: Window | None = field(default=None, validator=optional(checks.of_class(Window)))
    iframe: Iframe | None = field(default=None, validator=optional(checks.of_class(Iframe)))
    custom: Mapping[str, str] | None = field(
        default=None, converter=checks.texts_kept, validator=optional(checks.custom), hash=False
    )
    line_item: NewLineItem | None = field(default=None, validator=optional(checks.of_class(NewLineItem)))
    available: Period | None = field(default=None, validator=optional(checks.of_class(Period)))
    submission: Period | None = field(default=None, validator=optional(checks.of_class(Period)))


@frozen(kw_only=True)
class File(_Illustrated):
    """A file that the platform fetches, and keeps a copy of.

    Attributes:
        expires_at: aware, kept in UTC; from then on `url` may not work any more.
    """

    type: ClassVar[str] = "file"
    url: str = field(validator=checks.url)
    media_type: str | None = field(default=None, validator=optional(checks.media_type))
    expires_at: datetime | None = field(default=None, converter=checks.utc_kept, validator=optional(checks.time))


@frozen(kw_only=True)
class HtmlFragment(_Described):
    """HTML that becomes part of the platform's content; the platform may remove what it does not trust."""

    type: ClassVar[str] = "html"
    html: str = field(validator=checks.html)


@frozen(kw_only=True)
class Image(_Described):
    """An image that is shown; width and height in pixels."""

    type: ClassVar[str] = "image"
    url: str = field(validator=checks.url)
    width: int | None = field(default=None, validator=optional(checks.pixels))
    height: int | None = field(default=None, validator=optional(checks.pixels))


@frozen(kw_only=True)
class VendorItem:
    """An item of a type that the specification does not have.

    Attributes:
        type: an absolute address.
        properties: all that the item says besides, under names that its vendor chose; what JSON can hold. A copy is
            kept.
    """

    type: str = field(validator=checks.own_type)
    properties: Mapping[str, object] = field(
        factory=dict, converter=checks.json_kept, validator=checks.own_properties, hash=False, repr=False
    )


ContentItem = Link | LtiResourceLink | File | HtmlFragment | Image | VendorItem
ITEM_TYPES: Mapping[str, type[Link | LtiResourceLink | File | HtmlFragment | Image]] = MappingProxyType(
    {kind.type: kind for kind in (Link, LtiResourceLink, File, HtmlFragment, Image)}
)
