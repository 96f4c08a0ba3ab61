"""Where people launch from: courses, and the links to the tool in them."""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen

from lti_adapters.simulator.people import Person


@frozen(kw_only=True)
class Activity:
    """A link to the tool in a course (a resource link).

    Attributes:
        custom: sent as custom parameters. What starts with `$` is a variable that this platform does not know.
        graded: whether the gradebook has a line item for it, of that `maximum`.
        line_item: further members of that line item, as `tag` or `submissionReview`.
        target_link_uri: where it leads; None: the tool's launch address.
        foreign: it is another tool's, and only there to be left alone.
    """

    id: str
    title: str
    description: str
    custom: Mapping[str, str] = field(factory=dict, hash=False)
    graded: bool = False
    maximum: float = 10
    line_item: Mapping[str, object] = field(factory=dict, hash=False)
    target_link_uri: str | None = None
    foreign: bool = False


@frozen(kw_only=True)
class GroupSet:
    """Groups that belong together, as those of one project (Course Groups 1.0)."""

    id: str
    name: str
    hidden: bool = False


@frozen(kw_only=True)
class Group:
    """Some members of a course. `members` are ids; made-up learners are in one group each, by turns."""

    id: str
    name: str
    tag: str | None = None
    set_ids: tuple[str, ...] = ()
    hidden: bool = False
    members: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Course:
    """A course of the platform, with its links to the tool. `people` None: everybody that the platform knows."""

    id: str
    label: str
    title: str
    kind: str = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"
    sourced_id: str | None = None
    activities: tuple[Activity, ...] = ()
    people: tuple[Person, ...] | None = None
    groups: tuple[Group, ...] = ()
    group_sets: tuple[GroupSet, ...] = ()


QUIZ = Activity(
    id="quiz-1",
    title="Quiz 1",
    description="Ten questions about life in a pond.",
    custom=MappingProxyType({"chapter": "2", "due": "$ResourceLink.submission.endDateTime"}),
    graded=True,
)
PAGE = Activity(id="page-1", title="Page 1: The water flea", description="A page to read, without a grade.")
PONDS = GroupSet(id="set-ponds", name="Ponds")
MARKING = GroupSet(id="set-marking", name="Who marks whom", hidden=True)
NORTH = Group(
    id="group-north", name="North pond", tag="ponds", set_ids=("set-ponds",), members=frozenset({"u-learner"})
)
SOUTH = Group(id="group-south", name="South pond", tag="ponds", set_ids=("set-ponds",))
MARKERS = Group(
    id="group-markers",
    name="Markers",
    set_ids=("set-marking",),
    hidden=True,
    members=frozenset({"u-teacher", "u-assistant"}),
)
BIOLOGY = Course(
    id="course-7",
    label="BIO-7",
    title="Biology 7: Life in the pond",
    sourced_id="sis-bio-7",
    activities=(QUIZ, PAGE),
    groups=(NORTH, SOUTH, MARKERS),
    group_sets=(PONDS, MARKING),
)
