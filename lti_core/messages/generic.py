"""GenericLaunch: a message of a type that this library has no class for, after the checks of every launch."""

from attrs import frozen

from lti_core.messages.message import LaunchMessage, MessageType


@frozen(kw_only=True)
class GenericLaunch(LaunchMessage):
    """A launch whose own claims are read from `claims`."""


def generic(name: str) -> MessageType:
    """The message type `name`, for which only the rules of every launch hold."""
    return MessageType(name, GenericLaunch)
