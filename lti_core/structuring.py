"""How claims become values: strictly, silently converting nothing, and keeping what is not understood."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, field, fields, frozen, has
from cattrs import Converter, override
from cattrs.cols import homogenous_tuple_structure_factory, is_sequence
from cattrs.errors import CattrsError

from lti_core.errors import LaunchRefused

Hook = Callable[..., Any]  # of a value and the type it is to become; an attrs class' also of the values of OURS
Kind = TypeVar("Kind")
_SPEC = "LTI 1.3 §5.3 and §5.4"
_UNREADABLE = (CattrsError, ValueError, TypeError, KeyError, AttributeError)  # what hooks of other types raise
_TEXT_OR_NULL = frozenset({str, NoneType})


class Malformed(ValueError):
    """A value is not what its claim demands. `path` leads to it, outermost name first."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem


def as_it_is(value: Any, _: Any) -> Any:
    """A structure hook for what is kept as the platform sent it."""
    return value


OURS = override(struct_hook=as_it_is)
"""Marks a field that this library fills in, never a platform: what is sent under its name stays in `claims` only."""


@frozen(kw_only=True)
class Claimed:
    """A value that a platform sent. `claims` is all of it, vendor extensions included, read only."""

    claims: Annotated[Mapping[str, object], OURS] = field(factory=dict, hash=False, repr=False)


def structure(target: type[Kind], sent: object, name: str = "", **ours: object) -> Kind:
    """`sent` as a value of the class `target`. A member that is null counts as absent.

    Args:
        name: of the claim, for the error.
        ours: values of the fields that are marked `OURS`.

    Raises:
        LaunchRefused: `launch.claim_malformed`, naming the claim.
    """
    read: Hook = converter.get_structure_hook(target)
    try:
        return read(sent, target, ours) if ours else read(sent, target)  # type: ignore[no-any-return]
    except Malformed as error:
        path = _path(name, error.path)
        raise LaunchRefused("launch.claim_malformed", f"The claim {path} {error.problem}.", _SPEC, found=path) from None


def exactly(kind: type, read: Hook) -> Hook:
    """Claims are taken as they are. Left alone, cattrs makes "None" of null and three roles of "abc"."""

    def hook(value: Any, target: Any) -> Any:
        if type(value) is not kind:
            raise _not_a(kind, value)
        return read(value, target)

    return hook


def _itself(kind: type) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise _not_a(kind, value)
        return value

    return hook


def _not_a(kind: type, value: object) -> Malformed:
    return Malformed("", f"must be {_JSON_NAMES[kind]}, not {_JSON_NAMES.get(type(value), 'null')}")


def lenient_bool(value: Any, _: Any) -> bool:
    """A boolean, also as the text "true" or "false" (a known quirk in deep linking settings)."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise Malformed("", "must be true or false")


def pixels(value: Any, _: Any) -> int:
    """A number of pixels, also as text (a known quirk in launch presentations)."""
    if type(value) is int:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if not isinstance(value, float):
        raise Malformed("", "must be a number")
    return int(value)


def texts_of(value: Any, _: Any) -> Mapping[str, str]:
    """An object of texts. Numbers, booleans and values with parts are shown as JSON text (Canvas sends them)."""
    if not isinstance(value, dict):
        raise Malformed("", "must be an object")
    texts = {
        name: member if type(member) is str else json.dumps(member, ensure_ascii=False)
        for name, member in value.items()
        if member is not None
    }
    return MappingProxyType(texts)


@frozen
class _Field:
    """One field that a platform fills in: by which claim, and how it is read."""

    name: str
    claim: str
    kind: Any
    read: Hook
    default: object

    @property
    def is_text(self) -> bool:
        """Whether it is a text that must be there, or is None."""
        return self.kind is str and self.read is _TEXT and self.default in (NOTHING, None)

    @property
    def is_required(self) -> bool:
        """Whether the claim must be there."""
        return self.default is NOTHING


def _fields_of(target: Any, conv: Converter) -> Iterator[_Field]:
    hints = get_type_hints(target, include_extras=True)
    for attribute in fields(target):
        kind, said = _kind_of(hints[attribute.name])
        if said is not OURS:
            read = said.struct_hook or conv.get_structure_hook(kind)
            yield _Field(attribute.name, said.rename or attribute.name, kind, read, attribute.default)


def _kind_of(hint: Any) -> tuple[Any, Any]:
    """The type of a field when it is there, and what was annotated on how to read it."""
    kind, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not NoneType]
        kind = kinds[0] if len(kinds) == 1 else kind
    nothing = override()
    return kind, next((extra for extra in extras if isinstance(extra, type(nothing))), nothing)


def _reader(target: Any, conv: Converter) -> Hook:
    """Reads an attrs class from an object; nulls are left out, everything else stays readable in `claims`."""
    read = tuple(_fields_of(target, conv))
    texts = sorted((one for one in read if one.is_text), key=lambda one: not one.is_required)
    names, claims = tuple(one.name for one in texts), tuple(one.claim for one in texts)
    required = sum(one.is_required for one in texts)
    others = tuple((one.name, one.claim, one.read, one.kind, one.is_required) for one in read if not one.is_text)
    keeps_claims = issubclass(target, Claimed)

    def hook(value: Any, _: Any, ours: Mapping[str, object] = MappingProxyType({})) -> Any:
        if type(value) is not dict:
            raise _not_a(dict, value)
        found = tuple(map(value.get, claims))  # most fields are texts: all of them at once is quicker
        if None in found[:required] or not _TEXT_OR_NULL.issuperset(map(type, found)):
            raise _wrong_text(claims, found)
        members: dict[str, object] = dict(zip(names, found, strict=True))
        _read_others(others, value, members)
        if keeps_claims:
            members["claims"] = MappingProxyType(value)
        members.update(ours)
        return target(**members)

    return hook


def _read_others(
    others: Iterable[tuple[str, str, Hook, Any, bool]], value: Mapping[str, object], members: dict[str, object]
) -> None:
    for name, claim, read, kind, required in others:
        try:
            if (member := value.get(claim)) is not None:
                members[name] = read(member, kind)
            elif required:
                raise Malformed("", "is missing")
        except Malformed as error:
            raise Malformed(_path(claim, error.path), error.problem) from None
        except _UNREADABLE:
            raise Malformed(claim, "has a value that cannot be read") from None


def _wrong_text(claims: Iterable[str], found: Iterable[object]) -> Malformed:
    """Of texts one of which is of another kind, or missing: the first of another kind, else the first missing."""
    members = tuple(zip(claims, found, strict=True))
    for claim, value in members:
        if type(value) not in _TEXT_OR_NULL:
            return Malformed(claim, _not_a(str, value).problem)
    return Malformed(next(claim for claim, value in members if value is None), "is missing")


def _path(*names: str) -> str:
    return ".".join(filter(None, names))


def _lists_only(target: Any, conv: Converter) -> Hook:
    return exactly(list, homogenous_tuple_structure_factory(target, conv))


_JSON_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "an array",
    dict: "an object",
}

_TEXT = _itself(str)

converter = Converter(detailed_validation=False)  # one problem is enough, and it is told as it was raised
converter.register_structure_hook(str, _TEXT)
for _primitive in (int, bool):
    converter.register_structure_hook(_primitive, _itself(_primitive))
converter.register_structure_hook_factory(is_sequence)(_lists_only)
converter.register_structure_hook_factory(has)(_reader)
