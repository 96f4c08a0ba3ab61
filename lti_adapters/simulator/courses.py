"""Where people launch from: courses, and the links to the tool in them."""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen


@frozen(kw_only=True)
class Activity:
    """A link to the tool in a course (a resource link).

    Attributes:
        custom: sent as custom parameters. What starts with `$` is a variable that this platform does not know.
        graded: whether the gradebook has a line item for it.
        target_link_uri: where it leads; None: the tool's launch address.
    """

    id: str
    title: str
    description: str
    custom: Mapping[str, str] = field(factory=dict, hash=False)
    graded: bool = False
    target_link_uri: str | None = None


@frozen(kw_only=True)
class Course:
    """A course of the platform, with its links to the tool."""

    id: str
    label: str
    title: str
    kind: str = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"
    sourced_id: str | None = None
    activities: tuple[Activity, ...] = ()


QUIZ = Activity(
    id="quiz-1",
    title="Quiz 1",
    description="Ten questions about life in a pond.",
    custom=MappingProxyType({"chapter": "2", "due": "$ResourceLink.submission.endDateTime"}),
    graded=True,
)
PAGE = Activity(id="page-1", title="Page 1: The water flea", description="A page to read, without a grade.")
BIOLOGY = Course(
    id="course-7", label="BIO-7", title="Biology 7: Life in the pond", sourced_id="sis-bio-7", activities=(QUIZ, PAGE)
)
