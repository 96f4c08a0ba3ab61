"""How claims become values: strictly, silently converting nothing, and keeping what is not understood."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType, UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import field, frozen, has
from cattrs import Converter, IterableValidationError, override
from cattrs.cols import homogenous_tuple_structure_factory, is_sequence
from cattrs.errors import BaseValidationError
from cattrs.gen import make_dict_structure_fn

from lti_core.errors import LaunchRefused

Hook = Callable[[Any, Any], Any]
Kind = TypeVar("Kind")
_SPEC = "LTI 1.3 §5.3 and §5.4"


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
    try:
        hook = converter.get_structure_hook(target)
        return hook(_Filled(sent, ours) if ours else sent, target)  # type: ignore[no-any-return]
    except Malformed as error:
        path = ".".join(filter(None, [name, error.path]))
        raise LaunchRefused("launch.claim_malformed", f"The claim {path} {error.problem}.", _SPEC, found=path) from None


class _Filled(NamedTuple):
    """What a platform sent, and our own part of the value."""

    sent: object
    ours: Mapping[str, object]


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
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed("", "must be a number")
    return int(value)


def texts_of(value: Any, _: Any) -> Mapping[str, str]:
    """An object of texts. Numbers, booleans and values with parts are shown as JSON text (Canvas sends them)."""
    if not isinstance(value, dict):
        raise Malformed("", "must be an object")
    texts = {name: as_text(member) for name, member in value.items() if member is not None}
    return MappingProxyType(texts)


def as_text(value: object) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _reader(target: Any, conv: Converter) -> Hook:
    """Reads an attrs class from an object; nulls are left out, everything else stays readable in `claims`."""
    read: Hook = make_dict_structure_fn(target, conv)
    hints = get_type_hints(target, include_extras=True)
    names = {name: _renamed(hint) or name for name, hint in hints.items()}
    ours = tuple(name for name, hint in hints.items() if OURS in get_args(hint)[1:])
    keeps_claims = issubclass(target, Claimed)

    def hook(value: Any, _: Any) -> Any:
        sent, filled = value if type(value) is _Filled else (value, {})
        if type(sent) is not dict:
            raise _not_a(dict, sent)
        present = {name: member for name, member in sent.items() if member is not None}
        for name in ours:
            present.pop(name, None)
        if keeps_claims:
            present["claims"] = MappingProxyType(sent)
        present.update(filled)
        try:
            return read(present, target)
        except BaseValidationError as error:
            raise _first_problem(error, names) from None

    return hook


def _renamed(hint: Any) -> str | None:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((extra.rename for extra in extras if isinstance(extra, type(override()))), None)


def _first_problem(error: BaseValidationError, names: Mapping[str, str]) -> Malformed:
    """The first of cattrs' collected errors, as the claim's name and a sentence about it."""
    inner = error.exceptions[0]
    note = next((note for note in getattr(inner, "__notes__", ()) if hasattr(note, "type")), None)
    own = names.get(str(note.name), str(note.name)) if note is not None and hasattr(note, "name") else ""
    if isinstance(inner, IterableValidationError):
        below = _first_problem(inner, {})
    elif isinstance(inner, Malformed):
        below = inner
    elif isinstance(inner, KeyError):
        return Malformed(str(inner.args[0]), "is missing")
    else:
        raise inner
    return Malformed(".".join(filter(None, [own, below.path])), below.problem)


def _is_optional(target: Any) -> bool:
    return get_origin(target) in (Union, UnionType) and type(None) in get_args(target)


def _present(target: Any, conv: Converter) -> Hook:
    """Nulls are left out before a field is read, so what may be absent is read as what it is when present."""
    (kind,) = (part for part in get_args(target) if part is not type(None))
    hook: Hook = conv.get_structure_hook(kind)
    return hook


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

converter = Converter()
for _primitive in (str, int, bool):
    converter.register_structure_hook(_primitive, _itself(_primitive))
converter.register_structure_hook_factory(_is_optional)(_present)
converter.register_structure_hook_factory(is_sequence)(_lists_only)
converter.register_structure_hook_factory(has)(_reader)
