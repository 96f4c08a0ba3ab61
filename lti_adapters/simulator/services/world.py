"""What every service looks at: courses, people, links, line items, and how this platform does things."""

from collections.abc import Mapping

from attrs import frozen

from lti_adapters.simulator.catalogue import Catalogue
from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.people import Person
from lti_adapters.simulator.profiles.profile import Profile
from lti_adapters.simulator.roster import Roster
from lti_adapters.simulator.services.addresses import Addresses
from lti_adapters.simulator.services.answers import Call, Refused
from lti_adapters.simulator.services.gradebook import Gradebook, LineItem
from lti_core.ports import Clock


@frozen(kw_only=True, eq=False)
class World:
    """All that a request to a service is answered from. `rosters` are by course id."""

    profile: Profile
    addresses: Addresses
    catalogue: Catalogue
    rosters: Mapping[str, Roster]
    gradebook: Gradebook
    clock: Clock

    def course(self, call: Call) -> Course:
        """The course that `call` names.

        Raises:
            Refused: 404.
        """
        course = self._course_of(call.link_id) if call.link_id else self.catalogue.course(call.course_id)
        if course is None:
            unknown = self.profile.no_link(call.link_id) if call.link_id else self.profile.no_course(call.course_id)
            raise Refused(404, unknown)
        return course

    def line_item(self, call: Call) -> LineItem:
        """The line item that `call` names.

        Raises:
            Refused: 404; what the profile makes of an odd id.
        """
        item = self.gradebook.find(call.line_item_id)
        if item is None:
            self.profile.check_line_item_id(call.line_item_id)
        if item is None or (item.course_id != call.course_id and not self.profile.any_course):
            raise Refused(404, self.profile.no_line_item(call.line_item_id))
        return item

    def own_line_item(self, call: Call) -> LineItem:
        """As `line_item`, where another tool's is none.

        Raises:
            Refused: 404.
        """
        item = self.line_item(call)
        if item.foreign and not self.profile.shows_foreign:
            raise Refused(404, self.profile.no_line_item(call.line_item_id))
        return item

    def link(self, course_id: str, link_id: str) -> Activity | None:
        """A link of a course, this tool's or another's."""
        return next((link for link in self.catalogue.activities(course_id) if link.id == link_id), None)

    def person(self, course_id: str, user_id: str) -> Person | None:
        """A member of a course."""
        roster = self.rosters.get(course_id)
        return roster.find(user_id) if roster is not None else None

    def _course_of(self, link_id: str) -> Course | None:
        return next((course for course in self.catalogue.courses if self.link(course.id, link_id)), None)
