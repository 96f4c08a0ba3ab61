"""Questions about a user's roles. The answers are the core's (`lti_core.roles`)."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from lti_core.claims import ROLES
from lti_core.roles import Roles

_VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"


class RoleType:
    """Where a role holds."""

    SYSTEM = "system"
    INSTITUTION = "institution"
    CONTEXT = "membership"


_SCOPES = (RoleType.SYSTEM, RoleType.INSTITUTION, RoleType.CONTEXT)


class AbstractRole:
    """One question. Roles of an institution count as a student's only where the old package let them.

    A program's own asks for the names of roles that it lists. In a subclass of a question below they are the whole
    answer for that place; the other places are answered as before.

    Attributes:
        _common_roles: principal roles of the course, and short names.
        _context_roles: sub-roles of the course, by their last word.
        _institution_roles: roles at the institution.
        _system_roles: roles at the platform.
    """

    _question: ClassVar[str] = ""
    _also: ClassVar[frozenset[str]] = frozenset()
    _common_roles: Collection[str] | None = None
    _context_roles: Collection[str] | None = None
    _institution_roles: Collection[str] | None = None
    _system_roles: Collection[str] | None = None

    def __init__(self, jwt_body: Mapping[str, Any]) -> None:
        sent = jwt_body.get(ROLES)
        self._jwt_body = jwt_body
        self._roles = tuple(name for name in sent if isinstance(name, str)) if isinstance(sent, list) else ()

    def check(self) -> bool:
        """Whether the answer is yes."""
        others = []
        for role in self._roles:
            listed, name = self._listed_for(role)
            if listed is None:
                others.append(role)
            elif name in ((listed,) if isinstance(listed, str) else listed):  # as ("Learner") is one
                return True
        asked = bool(self._question) and Roles(tuple(others)).answers(self._question)
        return asked or not self._also.isdisjoint(others)

    def _listed_for(self, role: str) -> tuple[Collection[str] | None, str]:
        """What the program lists at the place where `role` holds, and the role's name there."""
        name, scope = self.parse_role_str(role)
        if scope is None:
            is_known = role.startswith(f"{_VOCABULARY}membership#") or not role.startswith(_VOCABULARY)
            return self._common_roles, name if is_known else role
        by_scope = (self._system_roles, self._institution_roles, self._context_roles)
        return by_scope[_SCOPES.index(scope)], name

    def parse_role_str(self, role_str: str) -> tuple[str, str | None]:
        """The name of a role, and where it holds: of `RoleType`; None for a principal role of a course."""
        if not role_str.startswith(_VOCABULARY):
            return role_str, None
        path, _, name = role_str.removeprefix(_VOCABULARY).rpartition("#")
        scope, slash, _ = path.partition("/")
        return name, scope if slash and scope in _SCOPES else None


class StaffRole(AbstractRole):
    """Works for the institution, or runs the platform."""

    _question = "staff"
    _also = frozenset({f"{_VOCABULARY}institution/person#SysAdmin"})


class StudentRole(AbstractRole):
    """Learns."""

    _question = "student"
    _also = frozenset(
        {
            *(f"{_VOCABULARY}membership#Member", "Member", "User", f"{_VOCABULARY}system/person#User"),
            *(
                f"{_VOCABULARY}institution/person#{name}"
                for name in ("Student", "Learner", "Member", "ProspectiveStudent", "User")
            ),
        }
    )


class TeacherRole(AbstractRole):
    """Teaches or administers the course."""

    _question = "teacher"


class TeachingAssistantRole(AbstractRole):
    """Assists the teachers."""

    _question = "teaching_assistant"


class DesignerRole(AbstractRole):
    """Makes the content."""

    _question = "designer"


class ObserverRole(AbstractRole):
    """Watches over learners."""

    _question = "observer"


class TransientRole(AbstractRole):
    """Not a lasting person: a test user."""

    _question = "transient"
