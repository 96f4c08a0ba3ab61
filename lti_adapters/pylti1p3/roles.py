"""Questions about a user's roles. The answers are the core's (`lti_core.roles`)."""

from collections.abc import Mapping
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
    """One question. Roles of an institution count as a student's only where the old package let them."""

    _question: ClassVar[str] = ""
    _also: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, jwt_body: Mapping[str, Any]) -> None:
        sent = jwt_body.get(ROLES)
        self._jwt_body = jwt_body
        self._roles = tuple(name for name in sent if isinstance(name, str)) if isinstance(sent, list) else ()

    def check(self) -> bool:
        """Whether the answer is yes."""
        return Roles(self._roles).answers(self._question) or not self._also.isdisjoint(self._roles)

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
