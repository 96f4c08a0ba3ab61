"""What the platform offers a tool at its services, as the claims of a launch say it.

Source: AGS 2.0 §3.1; NRPS 2.0 §3.6.1.1; Course Groups 1.0 §3.1.
"""

from attrs import frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.profiles.profile import Profile
from lti_adapters.simulator.services.addresses import Addresses
from lti_adapters.simulator.services.gradebook import Gradebook, LineItem
from lti_core import claims as c
from lti_core import scopes

_AGS = (scopes.LINE_ITEM, scopes.LINE_ITEM_READ, scopes.RESULT_READ, scopes.SCORE)


@frozen(kw_only=True)
class Offer:
    """`granted` are the scopes that the tool has; a service without any of its scopes is not in the claims."""

    profile: Profile
    addresses: Addresses
    granted: tuple[str, ...]
    gradebook: Gradebook

    def claims(self, course: Course, activity: Activity | None = None) -> dict[str, object]:
        """The claims of a launch from `course`; `activity` is the link whose line item is named."""
        claims: dict[str, object] = {}
        if scopes.MEMBERS_READ in self.granted:
            claims[c.NRPS] = {
                "context_memberships_url": self.addresses.members(course.id),
                "service_versions": list(self.profile.nrps_versions),
            }
        if scopes.GROUPS_READ in self.granted and self.profile.offers_groups:
            claims[c.GROUPS] = {
                "context_groups_url": self.addresses.groups(course.id),
                "context_group_sets_url": self.addresses.group_sets(course.id),
                "scope": [scopes.GROUPS_READ],
                "service_versions": ["1.0"],
            }
        if granted := [scope for scope in _AGS if scope in self.granted]:
            claims[c.AGS_ENDPOINT] = {"scope": granted, **self._line_items(course, activity)}
        return claims

    def line_item(self, course: Course, activity: Activity) -> LineItem:
        """The line item of a link, made when it is first asked for."""
        own = {"label": activity.title, "scoreMaximum": activity.maximum, "resourceLinkId": activity.id}
        return self.gradebook.of_link(course.id, {**activity.line_item, **own}, foreign=activity.foreign)

    def _line_items(self, course: Course, activity: Activity | None) -> dict[str, object]:
        named: dict[str, object] = {"lineitems": self.addresses.line_items(course.id)}
        if activity is not None:
            named["lineitem"] = self.addresses.line_item(course.id, self.line_item(course, activity).id)
        return named
