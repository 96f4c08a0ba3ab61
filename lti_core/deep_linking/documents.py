"""Content items as JSON documents: written for the platform, and read from programs.

Source: Deep Linking 2.0, Content item types.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints

from attrs import NOTHING, fields, frozen, has

from lti_core.deep_linking.checks import SPEC, ContentItemRefused, Field, malformed, member_name
from lti_core.deep_linking.items import ITEM_TYPES, ContentItem, VendorItem
from lti_core.deep_linking.parts import Part


def content_item_document(item: ContentItem) -> dict[str, object]:
    """`item` as the specification writes it. What is None is left out."""
    members = dict(item.properties) if isinstance(item, VendorItem) else _written(item)
    return {"type": item.type, **members}


def _written(part: Part) -> dict[str, object]:
    kind: Any = type(part)
    said = {member.name: getattr(part, member.field.name) for member in _members_of(kind).values()}
    return {**{name: _value(value) for name, value in said.items() if value is not None}, **part.extensions}


def _value(value: object) -> object:
    if isinstance(value, Part):
        return _written(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def content_items_from(documents: object) -> tuple[ContentItem, ...]:
    """The items in a list of JSON documents, as the specification writes them. A member that is null counts as absent.

    Raises:
        ContentItemRefused: with the `position` of the item: `deep_linking.item_malformed`, and the codes of
            `lti_core.deep_linking.items`.
    """
    if not isinstance(documents, list | tuple):
        raise ContentItemRefused("deep_linking.item_malformed", "The items must be a list.", SPEC)
    return tuple(_item_at(position, document) for position, document in enumerate(documents, 1))


def _item_at(position: int, document: object) -> ContentItem:
    try:
        return _item(document)
    except ContentItemRefused as refusal:
        raise refusal.at(position) from None


def _item(document: object) -> ContentItem:
    if not isinstance(document, dict):
        raise ContentItemRefused("deep_linking.item_malformed", "An item must be an object.", SPEC)
    kind: Any = document.get("type")  # the item itself checks it
    members = {name: value for name, value in document.items() if name != "type"}
    if isinstance(kind, str) and kind in ITEM_TYPES:
        item: ContentItem = _read(ITEM_TYPES[kind], members)
        return item
    return VendorItem(type=kind, properties=members)


def _read(kind: Any, document: Mapping[str, object]) -> Any:
    """A part of that class. Its validators check the values, and what is missing."""
    members = _members_of(kind)
    given: dict[str, object] = {member.field.name: None for member in members.values() if member.is_required}
    for name, value in document.items():
        if name in members and value is not None:
            given[members[name].field.name] = members[name].read(value)
    extensions = {name: value for name, value in document.items() if name not in members}
    return kind(**given, extensions=extensions)


@frozen
class _Member:
    """One field of a part, what the specification calls it, and of which class its values are."""

    name: str
    field: Field
    kind: Any

    @property
    def is_required(self) -> bool:
        """Whether it must be there."""
        return self.field.default is NOTHING

    def read(self, value: object) -> object:
        """The value as the field has it. Most that are of a wrong kind are left to the field's validator."""
        if has(self.kind):
            if not isinstance(value, dict):
                raise malformed(self.field, "an object")
            return _read(self.kind, value)
        return _time(value) if self.kind is datetime and isinstance(value, str) else value


def _time(value: str) -> object:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


@cache
def _members_of(kind: Any) -> Mapping[str, _Member]:
    members = (_Member(member_name(one), one, _kind_of(kind, one)) for one in fields(kind) if one.name != "extensions")
    return {member.name: member for member in members}


def _kind_of(kind: Any, attribute: Field) -> Any:
    """The type of a field when it is not None."""
    hint = get_type_hints(kind)[attribute.name]
    return next((one for one in get_args(hint) if one is not NoneType), hint)
