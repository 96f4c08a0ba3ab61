"""Message types: one module each, found by themselves. A new type is a new module here, or a `MessageType` of yours.

A module of this package that has a `MESSAGE_TYPE` is part of `MESSAGE_TYPES`; nothing else has to be changed.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from lti_core.messages.message import LaunchMessage, MessageType

__all__ = ["MESSAGE_TYPES", "LaunchMessage", "MessageType", "with_types"]


def with_types(*added: MessageType, known: Mapping[str, MessageType] | None = None) -> Mapping[str, MessageType]:
    """The message types of this library (or `known`) and `added`, by name; an added one wins."""
    before = MESSAGE_TYPES if known is None else known
    return MappingProxyType({**before, **{kind.name: kind for kind in added}})


def _found() -> tuple[MessageType, ...]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(module.MESSAGE_TYPE for module in modules if hasattr(module, "MESSAGE_TYPE"))


MESSAGE_TYPES: Mapping[str, MessageType] = with_types(*_found(), known={})
