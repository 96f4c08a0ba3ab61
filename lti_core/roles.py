"""Roles: what a platform says a user is, and the questions a tool asks about that.

Every known spelling of every role stands in one table, made once: whole names are compared, letter for letter, so that
`membership/Learner#Instructor` is a learner. Source: LTI 1.3 appendix A.2; names of LTI 1.1 and LTI 2 are read, too.
"""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from lti_core.errors import ConfigurationError

QUESTIONS = ("student", "teacher", "teaching_assistant", "designer", "observer", "staff", "transient")
"""What can be asked of roles. Only the first five say anything about rights in the course of the launch."""

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
_SYSTEM = (_LIS + "system/person#", "urn:lti:sysrole:ims/lis/")
_LTI_SYSTEM = "http://purl.imsglobal.org/vocab/lti/system/person#"
_INSTITUTION = (_LIS + "institution/person#", "urn:lti:instrole:ims/lis/")
_LTI_2_PERSON = _LIS + "person#"
_MEMBERSHIP = _LIS + "membership"
_CONTEXT_URN = "urn:lti:role:ims/lis/"

_SYSTEM_ROLES = ("AccountAdmin", "Administrator", "Creator", "None", "SysAdmin", "SysSupport", "User")
_SYSTEM_STAFF = ("AccountAdmin", "Administrator", "SysAdmin", "SysSupport")
_INSTITUTION_ROLES = (
    "Administrator", "Alumni", "Faculty", "Guest", "Instructor", "Learner", "Member", "Mentor", "None", "Observer",
    "Other", "ProspectiveStudent", "Staff", "Student",
)  # fmt: skip
_INSTITUTION_STAFF = ("Administrator", "Faculty", "Instructor", "Staff")
_ASSISTANTS = (
    "TeachingAssistant", "TeachingAssistantGroup", "TeachingAssistantOffering", "TeachingAssistantSection",
    "TeachingAssistantSectionAssociation", "TeachingAssistantTemplate",
)  # fmt: skip
_CONTEXT_ROLES = {
    "Administrator": (
        "Administrator", "Developer", "ExternalDeveloper", "ExternalSupport", "ExternalSystemAdministrator", "Support",
        "SystemAdministrator",
    ),
    "ContentDeveloper": ("ContentDeveloper", "ContentExpert", "ExternalContentExpert", "Librarian"),
    "Instructor": (
        "ExternalInstructor", "Grader", "GuestInstructor", "Lecturer", "PrimaryInstructor", "SecondaryInstructor",
        *_ASSISTANTS,
    ),
    "Learner": ("ExternalLearner", "GuestLearner", "Instructor", "Learner", "NonCreditLearner"),
    "Manager": ("AreaManager", "CourseCoordinator", "ExternalObserver", "Manager", "Observer"),
    "Member": ("Member",),
    "Mentor": (
        "Advisor", "Auditor", "ExternalAdvisor", "ExternalAuditor", "ExternalLearningFacilitator", "ExternalMentor",
        "ExternalReviewer", "ExternalTutor", "LearningFacilitator", "Mentor", "Reviewer", "Tutor",
    ),
    "Officer": ("Chair", "Communications", "Secretary", "Treasurer", "Vice-Chair"),
}  # fmt: skip
_OF_PRINCIPAL = {
    "Administrator": "teacher",
    "ContentDeveloper": "designer",
    "Instructor": "teacher",
    "Learner": "student",
    "Mentor": "observer",
}

_Known = tuple[str, tuple[str, ...]]  # what a role is, in words, and the questions that it answers


@frozen
class ExplainedRole:
    """One received role: what it is, in words, and the questions that it answers with yes."""

    name: str
    meaning: str
    questions: tuple[str, ...] = ()


def _as_names(names: str | Iterable[str]) -> tuple[str, ...]:
    """A lone string is one role, not its letters."""
    return (names,) if isinstance(names, str) else tuple(names)


@frozen
class Roles:
    """The roles of one user in one launch, as the platform sent them: `names`, in their order, unknown ones included.

    Several roles at once are normal, and each question is one of its own: an assistant need not be a teacher, and
    someone who works for the institution has no rights in a course by that.
    """

    names: tuple[str, ...] = field(default=(), converter=_as_names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @property
    def is_student(self) -> bool:
        """Takes part in this course to learn: `Learner`, with any sub-role."""
        return self._answer("student")

    @property
    def is_teacher(self) -> bool:
        """Teaches or administers this course. Assistants, graders and support staff do not count."""
        return self._answer("teacher")

    @property
    def is_teaching_assistant(self) -> bool:
        """Assists the teachers of this course."""
        return self._answer("teaching_assistant")

    @property
    def is_designer(self) -> bool:
        """Makes the content of this course: `ContentDeveloper`, with any sub-role."""
        return self._answer("designer")

    @property
    def is_observer(self) -> bool:
        """Watches over learners of this course, as a parent does: `Mentor`, with any sub-role."""
        return self._answer("observer")

    @property
    def is_staff(self) -> bool:
        """Works for the institution, or runs the platform. Grants nothing in this course."""
        return self._answer("staff")

    @property
    def is_transient(self) -> bool:
        """Not a lasting person, as the preview of a course "as a student". Send no grade for it."""
        return self._answer("transient")

    @property
    def any_known(self) -> bool:
        """Whether at least one of the roles is of a known vocabulary."""
        return some_known(self.names)

    def answers(self, question: str) -> bool:
        """Whether the answer to `question`, one of `QUESTIONS`, is yes.

        Raises:
            ConfigurationError: `config.role_unknown`.
        """
        if question not in QUESTIONS:
            choice = ", ".join(QUESTIONS)
            raise ConfigurationError(
                "config.role_unknown", f"A required role must be one of {choice}.", expected=choice, found=question
            )
        return self._answer(question)

    def explain(self) -> tuple[ExplainedRole, ...]:
        """For each received role, in order: what it is, and the questions that it answers."""
        return tuple(ExplainedRole(name, *_KNOWN.get(name, _UNKNOWN)) for name in self.names)

    def _answer(self, question: str) -> bool:
        return any(question in _KNOWN.get(name, _UNKNOWN)[1] for name in self.names)


def some_known(names: Iterable[str]) -> bool:
    """Whether at least one of the roles called `names` is of a known vocabulary."""
    return not _KNOWN.keys().isdisjoint(names)


def _question_in_context(principal: str, sub: str) -> tuple[str, ...]:
    """Which question a context role answers; at most one. `sub` is "" for the principal itself."""
    if sub in _ASSISTANTS:
        return ("teaching_assistant",)
    if sub == "Grader" or (principal == "Administrator" and sub not in ("", "Administrator")):
        return ()
    return (_OF_PRINCIPAL[principal],) if principal in _OF_PRINCIPAL else ()


def _of_persons() -> Iterator[tuple[str, _Known]]:
    """System and institution roles, in the spellings of LTI 1.3, 1.1 and 2."""
    for prefix in (_LTI_2_PERSON, *_SYSTEM):
        for role in _SYSTEM_ROLES:
            yield prefix + role, (f"system role {role}", ("staff",) if role in _SYSTEM_STAFF else ())
    # Both kinds have the one prefix in LTI 2: what is in both counts as the institution's.
    for prefix in (_LTI_2_PERSON, *_INSTITUTION):
        for role in _INSTITUTION_ROLES:
            yield prefix + role, (f"institution role {role}", ("staff",) if role in _INSTITUTION_STAFF else ())
    yield _LTI_SYSTEM + "TestUser", ("system role TestUser, a test user or preview", ("transient",))


def _of_contexts() -> Iterator[tuple[str, _Known]]:
    """Context roles and sub-roles, short names, and the names of LTI 1.1."""
    for principal, subs in _CONTEXT_ROLES.items():
        asked = _question_in_context(principal, "")
        for name in (f"{_MEMBERSHIP}#{principal}", _CONTEXT_URN + principal):
            yield name, (f"context role {principal}", asked)
        yield principal, (f"context role {principal}, as a short name", asked)
        for sub in subs:
            known = (f"context sub-role {principal}#{sub}", _question_in_context(principal, sub))
            yield f"{_MEMBERSHIP}/{principal}#{sub}", known
            yield f"{_CONTEXT_URN}{principal}/{sub}", known
    yield "Student", ("context role Learner, as the short name Student", ("student",))
    # Seen as a role of its own; in LTI 1.1 it was one, with sub-roles.
    assistant = ("context role TeachingAssistant", ("teaching_assistant",))
    for name in (f"{_MEMBERSHIP}#TeachingAssistant", "TeachingAssistant", _CONTEXT_URN + "TeachingAssistant"):
        yield name, assistant
    for sub in (*_ASSISTANTS, "Grader"):
        known = (f"context sub-role Instructor#{sub}", _question_in_context("Instructor", sub))
        yield f"{_CONTEXT_URN}TeachingAssistant/{sub}", known


def _transient() -> Iterator[tuple[str, _Known]]:
    """Some platforms mark a preview by a role of this name, in any vocabulary."""
    urns = (_CONTEXT_URN, *(f"{_CONTEXT_URN}{principal}/" for principal in _CONTEXT_ROLES))
    subs = (f"{_MEMBERSHIP}/{principal}#" for principal in _CONTEXT_ROLES)
    for prefix in ("", f"{_MEMBERSHIP}#", *subs, *urns, *_SYSTEM, _LTI_SYSTEM, *_INSTITUTION, _LTI_2_PERSON):
        yield f"{prefix}Transient", ("role Transient, a test user or preview", ("transient",))


_KNOWN: dict[str, _Known] = dict([*_of_persons(), *_of_contexts(), *_transient()])
_UNKNOWN: _Known = ("not a role of the LTI vocabularies", ())
