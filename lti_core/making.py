"""Frozen values made quickly: filled in while they may still be written, then frozen.

The `__init__` of a frozen class fills each slot by name, through `object.__setattr__`. A launch is made of many values:
beside its signature and its JSON nothing took longer. Here a value begins as a blank, of a class that has the same
slots and may be written, and is given its own class last. Nobody sees it before.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from attrs import NOTHING, Attribute, Factory, fields

Parameters = ParamSpec("Parameters")
Kind = TypeVar("Kind")

_OTHER_WORK = ("__attrs_pre_init__", "__attrs_post_init__", "__attrs_init__")  # the last one: `__init__` is not attrs'
_FACTORY: Any = Factory  # a class, which its stub calls a function


def blank_of(kind: Any) -> Any:
    """A class of which values may be written, and then be given `kind` as their class.

    Raises:
        TypeError: making a `kind` is more than filling its slots, or its values have another layout. Before
            Python 3.12 that is so of a class that makes its own room for weak references: write `weakref_slot=False`.
    """
    is_more = any(hasattr(kind, name) for name in _OTHER_WORK) or kind.__new__ is not object.__new__
    if is_more or "__slots__" not in vars(kind) or not all(map(_is_plain, fields(kind))):
        raise TypeError(f"making a {kind.__name__} is more than filling its slots")
    unguarded = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    blank = type(kind)(kind.__name__, kind.__bases__, {"__slots__": kind.__slots__, **unguarded})
    object.__new__(blank).__class__ = kind  # where layouts differ Python refuses it, now
    return blank


def maker_of(kind: Callable[Parameters, Kind]) -> Callable[Parameters, Kind]:
    """What makes values as calling `kind` does, with the same arguments, in a third of the time.

    Raises:
        TypeError: as `blank_of`; or a default of `kind` is made anew for each value.
    """
    known = {"new": object.__new__, "blank": blank_of(kind), "kind": kind}
    head = f"def make({', '.join(_parameters(kind, known))}):\n    made = new(blank)\n"
    filled = "".join(f"    made.{one.name} = {one.alias}\n" for one in fields(cast(Any, kind)))
    exec(f"{head}{filled}    made.__class__ = kind\n    return made\n", known)  # noqa: S102  # of our own classes, at import
    return cast(Callable[Parameters, Kind], known["make"])


def _parameters(kind: Any, known: dict[str, Any]) -> list[str]:
    """The parameters of `kind` as they are written; their defaults become `known`."""
    by_place: list[str] = []
    by_name: list[str] = []
    for attribute in fields(kind):
        name, default = attribute.alias, cast(Any, attribute.default)
        if isinstance(default, _FACTORY):
            raise TypeError(f"a default of {kind.__name__} is made anew for each value")
        known[f"default_{name}"] = default
        parameter = name if default is NOTHING else f"{name}=default_{name}"
        (by_name if attribute.kw_only else by_place).append(parameter)
    return [*by_place, *(["*", *by_name] if by_name else ())]


def _is_plain(attribute: "Attribute[Any]") -> bool:
    return attribute.init and attribute.validator is None and attribute.converter is None
