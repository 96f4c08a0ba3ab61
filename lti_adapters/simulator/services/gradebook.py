"""The gradebook: line items, the grades in them, and every score that a tool sent. Shared by threads."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import RLock
from types import MappingProxyType

from attrs import define, evolve, field, frozen

from lti_adapters.simulator.services.answers import Members, Refused
from lti_core.ports import Clock

MOST_LINE_ITEMS = 10_000
MOST_GRADES = 200_000
MOST_KEPT = 10_000  # scores of the history


@frozen(kw_only=True)
class LineItem:
    """A column of the gradebook.

    Attributes:
        id: short, unique on the platform; its address ends with it, or nearly so.
        members: as the service shows them, without the address.
        coupled: the platform made it with a link, whose id is `resource_link_id`.
        foreign: another tool's.
    """

    id: str
    course_id: str
    members: Members = field(repr=False)
    coupled: bool = False
    foreign: bool = False

    @property
    def label(self) -> str:
        """What people call it."""
        return str(self.members["label"])

    @property
    def maximum(self) -> float:
        """The score that is full marks."""
        maximum = self.members["scoreMaximum"]
        return maximum if isinstance(maximum, int | float) else 0

    @property
    def resource_link_id(self) -> str | None:
        """The link that it belongs to."""
        return self._text("resourceLinkId")

    @property
    def resource_id(self) -> str | None:
        """The tool's own id."""
        return self._text("resourceId")

    @property
    def tag(self) -> str | None:
        """The tool's own word."""
        return self._text("tag")

    def _text(self, name: str) -> str | None:
        value = self.members.get(name)
        return value if isinstance(value, str) and value else None


@frozen(kw_only=True)
class Grade:
    """What the gradebook holds of one person in one line item.

    Attributes:
        score: on the line item's scale, of `maximum`; None: there is no grade.
        timestamp: of the last change, as the platform counts it.
        by_teacher: a person on the platform gave it.
        sent: the last score as the tool sent it.
    """

    user_id: str
    score: float | None
    maximum: float
    timestamp: datetime
    comment: str | None = field(default=None, repr=False)
    activity_progress: str = ""
    grading_progress: str = ""
    scoring_user_id: str | None = None
    by_teacher: bool = False
    sent: Members = field(factory=dict, repr=False)


@frozen(kw_only=True)
class SentScore:
    """One score that a tool sent, and whether it was taken."""

    line_item_id: str
    user_id: str
    sent: Members = field(repr=False)
    accepted: bool


_NAMES: tuple[Callable[[LineItem], str | None], ...] = (
    lambda item: item.resource_link_id if item.coupled else None,
    lambda item: item.id,
    lambda item: item.resource_id,
    lambda item: item.tag,
    lambda item: item.label,
    lambda item: item.resource_link_id,
)
Change = Callable[[LineItem, Grade | None], Grade]
Numbering = Callable[[int, str | None], str]


@define(eq=False)
class Gradebook(Mapping[str, Mapping[str, Grade]]):
    """`gradebook["quiz-1"]["u-learner"]` is a grade.

    The first name is a resource link's id; else a line item's id, resource id, tag or label.
    """

    _numbering: Numbering
    _clock: Clock
    _items: dict[str, LineItem] = field(factory=dict, init=False)
    _grades: dict[str, dict[str, Grade]] = field(factory=dict, init=False)
    _made: int = field(default=0, init=False)
    _kept: int = field(default=0, init=False)
    _history: deque[SentScore] = field(factory=lambda: deque(maxlen=MOST_KEPT), init=False)
    _lock: RLock = field(factory=RLock, init=False)

    def __getitem__(self, name: str) -> Mapping[str, Grade]:
        with self._lock:
            return MappingProxyType(dict(self._grades[self.named(name).id]))

    def __iter__(self) -> Iterator[str]:
        return iter([item.id for item in self.line_items])

    def __len__(self) -> int:
        return len(self._items)

    def named(self, name: str) -> LineItem:
        """The line item of that name, as `gradebook[name]` finds it.

        Raises:
            KeyError: there is none.
        """
        items = self.line_items
        for called in _NAMES:
            if found := next((item for item in items if called(item) == name), None):
                return found
        raise KeyError(f"no line item {name!r}; there are {', '.join(item.id for item in items) or 'none'}")

    @property
    def line_items(self) -> tuple[LineItem, ...]:
        """All line items, oldest first."""
        with self._lock:
            return tuple(self._items.values())

    @property
    def history(self) -> tuple[SentScore, ...]:
        """The scores that the tool sent, oldest first; at most the last 10,000."""
        with self._lock:
            return tuple(self._history)

    def find(self, line_item_id: str) -> LineItem | None:
        """The line item of that id."""
        with self._lock:
            return self._items.get(line_item_id)

    def of_link(self, course_id: str, members: Members, *, foreign: bool = False) -> LineItem:
        """The line item that the platform made with the link `resourceLinkId`; made now where there is none.

        Raises:
            Refused: 507, there are too many.
        """
        with self._lock:
            for item in self._items.values():
                if (item.coupled, item.course_id, item.resource_link_id) == (
                    True,
                    course_id,
                    members["resourceLinkId"],
                ):
                    return item
            return self.add(course_id, members, coupled=True, foreign=foreign)

    def add(self, course_id: str, members: Members, *, coupled: bool = False, foreign: bool = False) -> LineItem:
        """A new line item; `members` as the service has them: at least `label` and `scoreMaximum`.

        Raises:
            Refused: 507, there are too many.
        """
        with self._lock:
            if len(self._items) >= MOST_LINE_ITEMS:
                raise Refused(507, "There are too many line items.")
            self._made += 1
            link = str(members["resourceLinkId"]) if coupled else None
            made_id = self._numbering(self._made, link)
            if made_id in self._items:
                made_id = f"{made_id}-{self._made}"
            item = LineItem(id=made_id, course_id=course_id, members=dict(members), coupled=coupled, foreign=foreign)
            self._items[item.id], self._grades[item.id] = item, {}
            return item

    def replace(self, line_item_id: str, members: Members) -> LineItem | None:
        """Other members for a line item; its grades are scaled. None when it is gone."""
        with self._lock:
            old = self._items.get(line_item_id)
            if old is None:
                return None
            new = self._items[line_item_id] = evolve(old, members=dict(members))
            grades = self._grades[line_item_id]
            self._grades[line_item_id] = {user: _scaled(grade, old, new) for user, grade in grades.items()}
            return new

    def delete(self, line_item_id: str) -> bool:
        """Remove a line item and its grades; False when it was gone."""
        with self._lock:
            self._kept -= len(self._grades.pop(line_item_id, ()))
            return self._items.pop(line_item_id, None) is not None

    def grade(self, line_item_id: str, user_id: str, change: Change) -> Grade:
        """Put what `change` makes of a person's grade in place of it; nobody else does so meanwhile.

        Raises:
            Refused: what `change` raises; 404, the line item is gone; 507, there are too many grades.
        """
        with self._lock:
            item = self._items.get(line_item_id)
            if item is None:
                raise Refused(404, "There is no such line item.")
            grades = self._grades[line_item_id]
            made = change(item, grades.get(user_id))
            if user_id not in grades:
                if self._kept >= MOST_GRADES:
                    raise Refused(507, "There are too many grades.")
                self._kept += 1
            grades[user_id] = made
            return made

    def set_score(self, name: str, user_id: str, score: float | None, comment: str | None = None) -> Grade:
        """A teacher gives a grade on the platform, or takes it away; on the scale of the line item `name`.

        Raises:
            KeyError: there is no such line item.
        """
        now = self._clock.now()

        def given(item: LineItem, _: Grade | None) -> Grade:
            return Grade(
                user_id=user_id, score=score, maximum=item.maximum, timestamp=now, comment=comment, by_teacher=True
            )

        return self.grade(self.named(name).id, user_id, given)

    def remember(self, score: SentScore) -> None:
        """Add to the history."""
        with self._lock:
            self._history.append(score)

    def grades(self, line_item_id: str) -> tuple[Grade, ...]:
        """The grades of a line item, by the time of their first entry."""
        with self._lock:
            return tuple(self._grades.get(line_item_id, {}).values())

    def clear(self) -> None:
        """Forget grades, history, and the line items that belong to no link."""
        with self._lock:
            self._items = {name: item for name, item in self._items.items() if item.coupled}
            self._grades = {name: {} for name in self._items}
            self._kept = 0
            self._history.clear()


def _scaled(grade: Grade, old: LineItem, new: LineItem) -> Grade:
    score = grade.score
    if score is not None and old.maximum > 0:
        score = score * new.maximum / old.maximum
    return evolve(grade, score=score, maximum=new.maximum)
