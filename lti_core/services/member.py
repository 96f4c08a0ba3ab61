"""Member: one member of a course, and how thousands of them are read.

Source: NRPS 2.0, Membership container media type and Message section; Course Groups 1.0.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

from attrs import frozen

from lti_core.claims import one_or_many
from lti_core.claims import user_id as as_user_id
from lti_core.roles import Roles
from lti_core.strict_json import refuse_deep
from lti_core.structuring import Claimed, Malformed

Kinds = dict[tuple[str, ...], Roles]  # the roles that the members of a page have: few, in a long list

_PARTS = frozenset({"message", "group_enrollments"})
_TEXTS = (
    "status", "name", "given_name", "family_name", "middle_name", "email", "picture", "lis_person_sourcedid",
    "lti11_legacy_user_id",
)  # fmt: skip


@frozen
class Member(Claimed):
    """One member of a course. What the platform did not tell is None; names and the like it tells only where it may.

    All texts are read from `claims`, which also keeps what this class does not know: class lists are long, and most of
    what they say is never asked for.

    Attributes:
        user_id: as `sub` of launches.
        roles: the same questions as in launches. The names may be shorter, and are often fewer.
    """

    user_id: str
    roles: Roles

    @property
    def status(self) -> str:
        """`Active`, `Inactive`, or `Deleted`, which only differences have."""
        return self._text("status") or "Active"

    @property
    def name(self) -> str | None:
        """The whole name. Some platforms (Moodle) escape it for HTML here, and not in launches."""
        return self._text("name")

    @property
    def given_name(self) -> str | None:
        """The given name."""
        return self._text("given_name")

    @property
    def family_name(self) -> str | None:
        """The family name."""
        return self._text("family_name")

    @property
    def middle_name(self) -> str | None:
        """The middle name."""
        return self._text("middle_name")

    @property
    def email(self) -> str | None:
        """The e-mail address."""
        return self._text("email")

    @property
    def picture(self) -> str | None:
        """The address of a picture."""
        return self._text("picture")

    @property
    def lis_person_sourcedid(self) -> str | None:
        """The id in a student information system."""
        return self._text("lis_person_sourcedid")

    @property
    def lti11_legacy_user_id(self) -> str | None:
        """The user's id in LTI 1.1."""
        return self._text("lti11_legacy_user_id")

    @property
    def group_ids(self) -> tuple[str, ...]:
        """The groups that the member is in; told when `GetMembers.groups` asks for them (Course Groups 1.0)."""
        return tuple(_group_ids(self.claims.get("group_enrollments")))

    @property
    def messages(self) -> tuple[Mapping[str, object], ...]:
        """What a launch of the link by this member would bring: claims, one object for each message type.

        Told when `GetMembers.resource_link_id` asks for them. Not signed: data, no proof of anything.
        """
        return tuple(cast("list[Mapping[str, object]]", self.claims.get("message") or ()))

    def _text(self, name: str) -> str | None:
        return cast("str | None", self.claims.get(name))


def read_member(found: object, kinds: Kinds) -> Member:
    """A member of a page. It costs little, where all is as usual: lists of ten thousand are real.

    Raises:
        Malformed: it is none.
    """
    if type(found) is not dict:
        raise Malformed("", "must be an object")
    user_id, names = found.get("user_id"), found.get("roles")
    # Nearly always all is text but the list of roles: then there is nothing more to look at.
    texts = list(map(type, found.values())).count(str)
    if not user_id or type(user_id) is not str or texts != len(found) - 1 or not _PARTS.isdisjoint(found):
        user_id = _checked(found)
    if type(names) is not list:
        raise Malformed("roles", "must be an array of texts")
    key = tuple(names)
    try:
        if (roles := kinds.get(key)) is None:
            roles = kinds[key] = Roles(one_or_many(names, Roles))
    except TypeError:  # a list in the list
        raise Malformed("roles", "must be an array of texts") from None
    return Member(user_id, roles, claims=MappingProxyType(found))


def _checked(found: dict[str, object]) -> str:
    """The user id of a member that is not made of texts alone, once all parts are what they must be."""
    for name in _TEXTS:
        if not isinstance(found.get(name), str | None):
            raise Malformed(name, "must be a text")
    try:
        refuse_deep(found)
    except ValueError:
        raise Malformed("", "has values too deep inside one another") from None
    messages = found.get("message")
    if messages is not None and not (isinstance(messages, list) and all(isinstance(one, dict) for one in messages)):
        raise Malformed("message", "must be an array of objects")
    tuple(_group_ids(found.get("group_enrollments")))
    if not found.get("user_id"):
        raise Malformed("user_id", "is missing")
    try:
        return as_user_id(found["user_id"], str)
    except Malformed as error:
        raise Malformed("user_id", error.problem) from None


def _group_ids(enrolments: object) -> Iterator[str]:
    if enrolments is not None and not isinstance(enrolments, list):
        raise Malformed("group_enrollments", "must be an array of objects")
    for one in enrolments or ():
        try:
            yield as_user_id(one.get("group_id") if isinstance(one, dict) else None, str)
        except Malformed:
            raise Malformed("group_enrollments", "must be an array of objects with a group_id") from None


def with_role(members: Iterable[Member], kinds: Kinds, role: str) -> tuple[Member, ...]:
    """Those who have the role. Full, short and old names are the same; a sub-role counts for its principal role."""
    wanted = _full(role)
    fitting = {names for names in kinds if any(wanted in _counts_as(name) for name in names)}
    return tuple(member for member in members if member.roles.names in fitting)


_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
_OLD_MEMBERSHIP = "urn:lti:role:ims/lis/"
_ASSISTANT = f"{_MEMBERSHIP}/Instructor#TeachingAssistant"
_ASSISTANTS = (_ASSISTANT, f"{_MEMBERSHIP}#TeachingAssistant")  # the sub-role's name, and what others make of it


def asked_as(role: str) -> str:
    """What a platform is asked for: it knows assistants by the name of the sub-role, not by a short one."""
    return _ASSISTANT if role == "TeachingAssistant" else role


def _full(name: str) -> str:
    """A role by its full name, where it is known by a short or an old one."""
    if name.startswith(_OLD_MEMBERSHIP):
        principal, _, sub = name.removeprefix(_OLD_MEMBERSHIP).partition("/")
        return f"{_MEMBERSHIP}/{principal}#{sub}" if sub else f"{_MEMBERSHIP}#{principal}"
    if {":", "/", "#"}.isdisjoint(name):
        return f"{_MEMBERSHIP}#{'Learner' if name == 'Student' else name}"
    return name


def _counts_as(name: str) -> Iterator[str]:
    """The role itself, by each of its names, and for a sub-role its principal role."""
    full = _full(name)
    yield from _ASSISTANTS if full in _ASSISTANTS else (full,)
    if full.startswith(f"{_MEMBERSHIP}/"):
        yield f"{_MEMBERSHIP}#{full.removeprefix(f'{_MEMBERSHIP}/').partition('#')[0]}"
