"""Who is in a course: people by name, and as many made-up learners as are wanted, who cost no memory."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from threading import Lock
from typing import overload

from lti_adapters.simulator.changes import Changes
from lti_adapters.simulator.people import ENROLLED, STUDENT, TEST_USER, Person

GIVEN = ("Ada", "Björn", "Chiara", "Đức", "Efua", "Φίλιππος", "Галина", "小红", "عمر", "Zoë")
FAMILY = ("Nguyễn", "Okafor", "Lindström", "Παπαδοπούλου", "Коваленко", "田中", "Haddad", "O'Brien", "García")
PREFIX = "u-"
DIGITS = 6


class Roster(Sequence[Person]):
    """The members of a course, in the order in which the class list names them.

    Anonymous people and test users are in no class list. The made-up learners are called u-000001 and so on. `changes`
    tells who came, changed or went.
    """

    def __init__(self, people: Sequence[Person], made_up: int = 0) -> None:
        self._people = tuple(person for person in people if is_listed(person))
        self._made_up = made_up
        self._lock = Lock()
        self.changes = Changes()

    def __len__(self) -> int:
        return len(self._people) + self._made_up

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> "tuple[Person, ...]": ...
    def __getitem__(self, place: int | slice) -> "Person | tuple[Person, ...]":
        places = range(len(self))[place]
        if isinstance(places, range):
            return tuple(self._at(number) for number in places)
        return self._at(places)

    def __iter__(self) -> Iterator[Person]:
        return chain(self._people, map(learner, range(1, self._made_up + 1)))

    def find(self, user_id: str) -> Person | None:
        """The member of that id."""
        for person in self._people:
            if person.id == user_id:
                return person
        number = number_of(user_id)
        return learner(number) if 0 < number <= self._made_up else None

    def enrol(self, person: Person) -> None:
        """Another member, or one of that id in place of the former; none who is in no class list."""
        if person.id is None or not is_listed(person):
            return
        with self._lock:
            before = self.find(person.id)
            self._people = (*(known for known in self._people if known.id != person.id), person)
            self.changes.add(person.id, before)

    def drop(self, user_id: str) -> None:
        """Take somebody out of the course. Made-up learners stay.

        Raises:
            KeyError: no such person.
        """
        with self._lock:
            left = tuple(person for person in self._people if person.id != user_id)
            if len(left) == len(self._people):
                raise KeyError(f"{user_id!r} is not one of the people of this course")
            before = self.find(user_id)
            self._people = left
            self.changes.add(user_id, before)

    def chosen(self, wanted: Callable[[Person], bool]) -> "Roster":
        """Only those who are wanted. One made-up learner speaks for all: they are alike."""
        return Roster(tuple(filter(wanted, self._people)), self._made_up if wanted(learner(1)) else 0)

    def _at(self, place: int) -> Person:
        named = len(self._people)
        return self._people[place] if place < named else learner(place - named + 1)


def is_listed(person: Person) -> bool:
    """Whether somebody is in class lists: not the anonymous, nor test users."""
    return person.id is not None and TEST_USER not in person.roles


def learner(number: int) -> Person:
    """The made-up learner of that number, the same one every time."""
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    called = f"{number:0{DIGITS}}"
    return Person(
        id=f"{PREFIX}{called}",
        login=f"learner-{called}",
        about="takes this course",
        roles=(STUDENT, ENROLLED),
        name=f"{given} {family}",
        given_name=given,
        family_name=family,
        email=f"learner-{called}@platform.example",
        sourced_id=f"sis-{called}",
    )


def number_of(user_id: str) -> int:
    """The number of the made-up learner of that id; 0 when it is none's."""
    digits = user_id.removeprefix(PREFIX)
    usual = digits.isascii() and digits.isdigit() and DIGITS <= len(digits) <= 9
    return int(digits) if usual and user_id == f"{PREFIX}{int(digits):0{DIGITS}}" else 0
