"""Who launches: the people of the simulated platform."""

from collections.abc import Mapping

from attrs import frozen

_CONTEXT = "http://purl.imsglobal.org/vocab/lis/v2/membership"
_SUB_ROLES = f"{_CONTEXT}/"
_INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
INSTRUCTOR = f"{_CONTEXT}#Instructor"
TEACHING_ASSISTANT = f"{_CONTEXT}/Instructor#TeachingAssistant"
STUDENT = f"{_CONTEXT}#Learner"
MENTOR = f"{_CONTEXT}#Mentor"
CONTENT_DEVELOPER = f"{_CONTEXT}#ContentDeveloper"
FACULTY = f"{_INSTITUTION}#Faculty"
ENROLLED = f"{_INSTITUTION}#Student"
GUEST = f"{_INSTITUTION}#Guest"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


def role_named(name: str) -> str:
    """The whole address of a role; a word alone is a role in a course."""
    return f"{_CONTEXT}#{name}" if {":", "/", "#"}.isdisjoint(name) else name


def principal_role(role: str) -> str | None:
    """The role in a course that a sub-role belongs to, as Instructor to TeachingAssistant; None: it is no sub-role."""
    path, _, _ = role.partition("#")
    return f"{_CONTEXT}#{path.removeprefix(_SUB_ROLES)}" if path.startswith(_SUB_ROLES) else None


@frozen(kw_only=True)
class Person:
    """A user of the platform, and what they are in every course.

    Attributes:
        id: `sub` of their launches; None: the platform does not say who it is.
        login: what the platform itself calls them (`login_hint`).
        about: one line for people who choose among them.
        roles: whole URIs.
        mentees: ids of the people that they look after; sent as `role_scope_mentor`.
    """

    id: str | None
    login: str
    about: str
    roles: tuple[str, ...]
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    locale: str | None = None
    sourced_id: str | None = None
    mentees: tuple[str, ...] = ()

    @property
    def identity(self) -> Mapping[str, object]:
        """The claims that say who this is; none in an anonymous launch (LTI 1.3 §5.3.6)."""
        claims = {
            "sub": self.id,
            "name": self.name,
            "given_name": self.given_name,
            "family_name": self.family_name,
            "email": self.email,
            "locale": self.locale,
        }
        return {name: value for name, value in claims.items() if value is not None}


TEACHER = Person(
    id="u-teacher",
    login="teacher",
    about="teaches this course",
    roles=(INSTRUCTOR, FACULTY),
    name="Renée Lindqvist",
    given_name="Renée",
    family_name="Lindqvist",
    email="renee@platform.example",
    locale="sv-SE",
    sourced_id="sis-1001",
)
ASSISTANT = Person(
    id="u-assistant",
    login="assistant",
    about="assists the teacher",
    roles=(TEACHING_ASSISTANT,),
    name="Олена Шевченко",
    given_name="Олена",
    family_name="Шевченко",
    email="olena@platform.example",
    locale="uk-UA",
    sourced_id="sis-1002",
)
LEARNER = Person(
    id="u-learner",
    login="learner",
    about="takes this course",
    roles=(STUDENT, ENROLLED),
    name="Σοφία Παππά",
    given_name="Σοφία",
    family_name="Παππά",
    email="sofia@platform.example",
    locale="el-GR",
    sourced_id="sis-2001",
)
OBSERVER = Person(
    id="u-observer",
    login="observer",
    about="looks after the learner, as parents do",
    roles=(MENTOR,),
    name="ليلى حداد",
    given_name="ليلى",
    family_name="حداد",
    email="layla@platform.example",
    locale="ar",
    mentees=("u-learner",),
)
DESIGNER = Person(
    id="u-designer",
    login="designer",
    about="writes the course's content",
    roles=(CONTENT_DEVELOPER,),
    name="李明",
    given_name="明",
    family_name="李",
    email="ming@platform.example",
    locale="zh-CN",
)
ANONYMOUS = Person(id=None, login="anonymous", about="the platform does not say who it is", roles=(GUEST,))
PREVIEW = Person(
    id="u-preview",
    login="preview",
    about="sees the course as a student would",
    roles=(STUDENT, TEST_USER),
    name="Test Student",
    given_name="Test",
    family_name="Student",
    locale="en-GB",
)

PEOPLE = (TEACHER, ASSISTANT, LEARNER, OBSERVER, DESIGNER, ANONYMOUS, PREVIEW)
