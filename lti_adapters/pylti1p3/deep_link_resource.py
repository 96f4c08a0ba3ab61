"""DeepLinkResource: a link that was picked, set piece by piece."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from lti_adapters.pylti1p3.lineitem import LineItem

_OF_LINE_ITEM = ("label", "resourceId", "tag", "submissionReview")


class DeepLinkResource:
    """What was not set is left out."""

    _type = "ltiResourceLink"
    _title: str | None = None
    _url: str | None = None
    _lineitem: LineItem | None = None
    _target = "iframe"
    _icon_url: str | None = None
    _custom_params: Mapping[str, str] = MappingProxyType({})  # subclasses name their own, or call no `__init__`

    def get_type(self) -> str:
        """The type of the content item."""
        return self._type

    def set_type(self, value: str) -> Self:
        """Set it."""
        self._type = value
        return self

    def get_title(self) -> str | None:
        """What the link is called."""
        return self._title

    def set_title(self, value: str) -> Self:
        """Set it."""
        self._title = value
        return self

    def get_url(self) -> str | None:
        """Where it leads."""
        return self._url

    def set_url(self, value: str) -> Self:
        """Set it."""
        self._url = value
        return self

    def get_lineitem(self) -> LineItem | None:
        """The column of the gradebook that goes with it."""
        return self._lineitem

    def set_lineitem(self, value: LineItem) -> Self:
        """Set it."""
        self._lineitem = value
        return self

    def get_custom_params(self) -> dict[str, str]:
        """What each launch of it brings."""
        own: dict[str, str] = vars(self).setdefault("_custom_params", dict(self._custom_params))
        return own

    def set_custom_params(self, value: dict[str, str]) -> Self:
        """Set it."""
        self._custom_params = value
        return self

    def get_target(self) -> str:
        """Where it is to be shown: iframe or window."""
        return self._target

    def set_target(self, value: str) -> Self:
        """Set it."""
        self._target = value
        return self

    def get_icon_url(self) -> str | None:
        """The address of a picture."""
        return self._icon_url

    def set_icon_url(self, value: str) -> Self:
        """Set it."""
        self._icon_url = value
        return self

    def to_dict(self) -> dict[str, Any]:
        """The content item, as the specification writes it."""
        given = self._custom_params
        custom = dict(given) if isinstance(given, Mapping) else given
        item: dict[str, Any] = {"type": self._type, "custom": custom}
        if self._title is not None:
            item["title"] = self._title
        if self._url is not None:
            item["url"] = self._url
        if self._target == "window":
            item["window"] = {"targetName": "_blank"}
        if self._lineitem is not None:
            column = json.loads(self._lineitem.get_value())
            item["lineItem"] = {"scoreMaximum": self._lineitem.get_score_maximum()}
            item["lineItem"] |= {name: column[name] for name in _OF_LINE_ITEM if name in column}
        if self._icon_url:
            item["icon"] = {"url": self._icon_url}
        return item
