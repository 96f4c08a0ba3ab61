"""How claims become values: strictly, silently converting nothing, and keeping what is not understood."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, Factory, field, fields, frozen, has
from cattrs import Converter, override
from cattrs.cols import homogenous_tuple_structure_factory, is_sequence
from cattrs.errors import CattrsError

from lti_core.errors import LaunchRefused
from lti_core.making import blank_of

Hook = Callable[..., Any]  # of a value and the type it is to become; an attrs class' also of the values of OURS
Kind = TypeVar("Kind")
_SPEC = "LTI 1.3 §5.3 and §5.4"
_UNREADABLE = (CattrsError, ValueError, TypeError, KeyError, AttributeError)  # what hooks of other types raise


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
    kind: Any = target
    read = reader_of(kind)
    try:
        return read(sent, target, ours) if ours else read(sent, target)  # type: ignore[no-any-return]
    except Malformed as error:
        path = _path(name, error.path)
        raise LaunchRefused("launch.claim_malformed", f"The claim {path} {error.problem}.", _SPEC, found=path) from None


@cache
def reader_of(target: type) -> Hook:
    """What reads `target`, written at the first call: for our classes, and those that a tool's author brings, a few."""
    return converter.get_structure_hook(target)


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
    default: Any

    @property
    def makes_default(self) -> bool:
        """Whether the default is made anew for each value."""
        return isinstance(self.default, _FACTORY)

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
    """Reads an attrs class from an object; nulls are left out, everything else stays readable in `claims`.

    The function is written once for each class, as attrs and cattrs write theirs: launches are made of many objects.
    """
    members = tuple(_fields_of(target, conv))
    known: dict[str, Any] = {
        "target": target,
        "new": object.__new__,
        "MappingProxyType": MappingProxyType,
        "UNREADABLE": _UNREADABLE,
        "not_an_object": lambda value: _not_a(dict, value),
        "problem": lambda value: _problem(members, value),
    }
    for number, one in enumerate(members):
        known |= {f"read{number}": one.read, f"kind{number}": one.kind}
        known[f"default{number}"] = one.default.factory if one.makes_default else one.default
    values = {one.name: f"value{number}" for number, one in enumerate(members)}
    if issubclass(target, Claimed):
        values["claims"] = "MappingProxyType(sent)"
    looks = "".join(_look(number, one) for number, one in enumerate(members))
    exec(_HEAD + looks + _TAIL + _made(target, values, known), known)  # noqa: S102  # of our own classes, and before anything was received
    return known["read"]  # type: ignore[no-any-return]


_HEAD = """
def read(sent, _, ours={}):
    if type(sent) is not dict:
        raise not_an_object(sent)
    get = sent.get
    try:
"""
_TAIL = """
    except UNREADABLE as error:
        raise problem(sent) from error
"""


def _made(target: Any, values: Mapping[str, str], known: dict[str, Any]) -> str:
    """The lines that make the value, of an expression for each field: quickly, where its class allows that."""
    try:
        known["blank"] = blank_of(target)
    except TypeError:
        return f"    return target({', '.join(f'{name}={value}' for name, value in values.items())}, **ours)\n"
    filled = [
        f"    made.{attribute.name} = {values.get(attribute.name) or _ours(attribute, known)}"
        for attribute in fields(target)
    ]
    return "\n".join(["    made = new(blank)", *filled, "    made.__class__ = target", "    return made", ""])


def _ours(attribute: "Attribute[Any]", known: dict[str, Any]) -> str:
    """The expression for a field that this library fills in."""
    name, default = attribute.name, cast(Any, attribute.default)
    if default is NOTHING:
        return f"ours[{name!r}]"
    makes = isinstance(default, _FACTORY)
    known[f"ours_{name}"] = default.factory if makes else default
    return f"ours[{name!r}] if {name!r} in ours else ours_{name}{'()' if makes else ''}"


def _look(number: int, one: "_Field") -> str:
    value, default = f"value{number}", f"default{number}" + ("()" if one.makes_default else "")
    look, refuse = f"        {value} = get({one.claim!r})\n", "            raise TypeError\n"
    if one.is_text:
        absent = "" if one.is_required else f" and {value} is not None"
        return f"{look}        if type({value}) is not str{absent}:\n{refuse}"
    if one.is_required:
        read = f"        {value} = read{number}({value}, kind{number})\n"
        return f"{look}        if {value} is None:\n{refuse}{read}"
    return f"{look}        {value} = {default} if {value} is None else read{number}({value}, kind{number})\n"


def _problem(members: Iterable["_Field"], sent: Mapping[str, object]) -> Malformed:
    """What is wrong with an object that could not be read: its first such member."""
    for one in members:
        value = sent.get(one.claim)
        if value is None and one.is_required:
            return Malformed(one.claim, "is missing")
        try:
            if value is not None:
                one.read(value, one.kind)
        except Malformed as error:
            return Malformed(_path(one.claim, error.path), error.problem)
        except _UNREADABLE:
            return Malformed(one.claim, "has a value that cannot be read")
    return Malformed("", "cannot be read")


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

_FACTORY: Any = Factory  # a class, which its stub calls a function
_TEXT = _itself(str)

converter = Converter(detailed_validation=False)  # one problem is enough, and it is told as it was raised
converter.register_structure_hook(str, _TEXT)
for _primitive in (int, bool):
    converter.register_structure_hook(_primitive, _itself(_primitive))
converter.register_structure_hook_factory(is_sequence)(_lists_only)
converter.register_structure_hook_factory(has)(_reader)
