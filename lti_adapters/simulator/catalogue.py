"""The courses of the platform, and the links in them: those it began with, and those that deep linking brought."""

from threading import Lock

from attrs import define, field

from lti_adapters.simulator.courses import Activity, Course
from lti_core.errors import ConfigurationError

MOST_ADDED = 1000


@define(eq=False)
class Catalogue:
    """Found by id. Of links that were added, the oldest give way where there are more than 1,000."""

    courses: tuple[Course, ...]
    _added: list[tuple[str, Activity]] = field(factory=list, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def course(self, course_id: str) -> Course | None:
        """The course of that id."""
        return next((course for course in self.courses if course.id == course_id), None)

    def activities(self, course_id: str) -> tuple[Activity, ...]:
        """The links of a course, those that were added last."""
        course = self.course(course_id)
        with self._lock:
            added = tuple(activity for place, activity in self._added if place == course_id)
        return (*course.activities, *added) if course is not None else ()

    def add(self, course_id: str, activity: Activity) -> None:
        """Put another link into a course."""
        with self._lock:
            self._added.append((course_id, activity))
            del self._added[:-MOST_ADDED]

    def clear(self) -> None:
        """Take away what was added."""
        with self._lock:
            self._added.clear()

    def find(self, activity: str | Activity) -> tuple[Course, Activity]:
        """A link by its id, and its course; a link as a value is one of the first course.

        Raises:
            ConfigurationError: `config.activity_unknown`.
        """
        if isinstance(activity, Activity):
            return self.courses[0], activity
        known = {link.id: (course, link) for course in self.courses for link in self.activities(course.id)}
        if activity in known:
            return known[activity]
        ids = ", ".join(known)
        message = f"The platform has no activity of that id; name one of {ids}, or give an Activity."
        raise ConfigurationError("config.activity_unknown", message, expected=ids, found=activity)
