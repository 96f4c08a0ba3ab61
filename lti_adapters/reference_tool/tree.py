"""Claims as a tree that a person can read."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from attrs import frozen

_GROUPS = (
    ("https://purl.imsglobal.org/spec/lti/claim/", "The launch"),
    ("https://purl.imsglobal.org/spec/lti-dl/claim/", "Deep linking"),
    ("https://purl.imsglobal.org/spec/", "Services"),
)
_TOKEN, _PERSON, _VENDOR = "The token", "The person", "The platform's own"
_TOKEN_CLAIMS = ("iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "jti")
_TIMES = ("exp", "iat", "nbf", "auth_time", "updated_at")
_ORDER = ("The launch", _PERSON, "Deep linking", "Services", _VENDOR, _TOKEN)


@frozen
class Node:
    """One claim or member: either a `text`, or what is below it.

    Attributes:
        name: as short as it can be told apart.
        full_name: of a claim whose `name` was shortened, else empty.
        text: None where there are `members`; an empty object or array is a text.
        note: what the value means, for people.
    """

    name: str
    full_name: str = ""
    text: str | None = None
    note: str = ""
    members: tuple["Node", ...] = ()


@frozen
class Group:
    """Claims that belong together."""

    name: str
    nodes: tuple[Node, ...]


def tree_of(claims: Mapping[str, object]) -> tuple[Group, ...]:
    """All of `claims`, in groups; whatever no specification names is the platform's own."""
    nodes: dict[str, list[Node]] = {}
    for name, value in claims.items():
        group, short = _place(name)
        nodes.setdefault(group, []).append(_node(short, value, name if short != name else ""))
    return tuple(Group(name, tuple(nodes[name])) for name in _ORDER if name in nodes)


def _place(name: str) -> tuple[str, str]:
    """The group of a claim, and its name there."""
    for prefix, group in _GROUPS:
        if name.startswith(prefix):
            return group, name.removeprefix(prefix).replace("/claim/", " ")
    if name in _TOKEN_CLAIMS:
        return _TOKEN, name
    return (_VENDOR if ":" in name or "/" in name else _PERSON), name


def _node(name: str, value: object, full_name: str = "") -> Node:
    if isinstance(value, Mapping) and value:
        return Node(name, full_name, members=tuple(_members(value)))
    if isinstance(value, list) and value:
        return Node(name, full_name, members=tuple(_node(str(at), item) for at, item in enumerate(value, 1)))
    return Node(name, full_name, _text(value), _moment(value) if name in _TIMES else "")


def _members(value: Mapping[str, object]) -> Iterator[Node]:
    for name, member in value.items():
        yield _node(name, member)


def _text(value: object) -> str:
    """A value without members as JSON writes it, but texts without quotes."""
    words = {True: "true", False: "false", None: "null"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def _moment(value: object) -> str:
    """A number of seconds as a date and time."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):  # no year has so many seconds
        return ""
