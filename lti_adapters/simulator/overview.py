"""What the platform's page shows of the course: gradebook, class list, and what deep linking brought."""

from attrs import frozen

from lti_adapters.simulator.people import Person
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.services.deep_links import Link
from lti_adapters.simulator.services.gradebook import Grade, LineItem

MOST_ITEMS = 20
MOST_ROWS = 50
STATES = {
    "Initialized": "not begun",
    "Started": "started",
    "InProgress": "in progress",
    "Submitted": "handed in",
    "Completed": "completed",
    "FullyGraded": "final",
    "Pending": "grading goes on",
    "PendingManual": "a person must grade it",
    "Failed": "grading failed",
    "NotReady": "not graded yet",
}


@frozen(kw_only=True)
class Row:
    """One person's grade. `part` is its share of the maximum, from 0 to 100; None without a score."""

    name: str
    score: str
    part: float | None
    state: str
    comment: str
    when: str


@frozen(kw_only=True)
class Column:
    """One line item, with its newest grades; `more` are not shown."""

    label: str
    maximum: str
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int


@frozen(kw_only=True)
class Entry:
    """One thing that came back from deep linking."""

    title: str
    type: str
    url: str
    notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class Overview:
    """The first course as a page shows it; `..._more` says how many are left out."""

    columns: tuple[Column, ...]
    columns_more: int
    members: tuple[tuple[Person, str], ...]
    members_total: int
    entries: tuple[Entry, ...]


def overview(platform: SimulatedPlatform) -> Overview:
    """How the first course stands."""
    course = platform.courses[0]
    own = [item for item in platform.gradebook.line_items if item.course_id == course.id and not item.foreign]
    return Overview(
        columns=tuple(_column(platform, item) for item in own[:MOST_ITEMS]),
        columns_more=max(len(own) - MOST_ITEMS, 0),
        members=tuple((person, _words(person)) for person in platform.members[:MOST_ROWS]),
        members_total=len(platform.members),
        entries=tuple(_entry(platform, link) for link in platform.links if link.course_id == course.id),
    )


def _column(platform: SimulatedPlatform, item: LineItem) -> Column:
    grades = sorted(platform.gradebook.grades(item.id), key=lambda grade: grade.timestamp, reverse=True)
    notes = [f"tag {item.tag}"] if item.tag else []
    notes += [f"resource {item.resource_id}"] if item.resource_id else []
    return Column(
        label=item.label,
        maximum=f"{item.maximum:g}",
        notes=(*notes, *(() if item.coupled else ("made by the tool",))),
        rows=tuple(_row(platform, item, grade) for grade in grades[:MOST_ROWS]),
        more=max(len(grades) - MOST_ROWS, 0),
    )


def _row(platform: SimulatedPlatform, item: LineItem, grade: Grade) -> Row:
    person = platform.services.world.person(item.course_id, grade.user_id)
    words = [STATES.get(word, word) for word in (grade.activity_progress, grade.grading_progress) if word]
    scored = grade.score is not None
    return Row(
        name=(person.name if person is not None else None) or grade.user_id,
        score=f"{grade.score:g} of {grade.maximum:g}" if scored else "no score",
        part=min(max(100 * grade.score / grade.maximum, 0), 100) if grade.score is not None and grade.maximum else None,
        state="given on the platform" if grade.by_teacher else ", ".join(words),
        comment=grade.comment or "",
        when=f"{grade.timestamp:%Y-%m-%d %H:%M:%S}",
    )


def _words(person: Person) -> str:
    return ", ".join(dict.fromkeys(role.rpartition("#")[2] for role in person.roles))


def _entry(platform: SimulatedPlatform, link: Link) -> Entry:
    item = platform.gradebook.find(link.line_item_id) if link.line_item_id is not None else None
    notes = (f"graded, of {item.maximum:g}",) if item is not None else ()
    return Entry(title=link.title, type=link.type, url=link.url or "", notes=notes)
