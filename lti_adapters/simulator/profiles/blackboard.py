"""Blackboard Learn: groups are offered, `lineItems` has a capital, `Bearer` too."""

from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.profiles.profile import Profile

BLACKBOARD = Profile(
    name="blackboard",
    family="BlackboardLearn",
    paths=Paths(
        token="/api/v1/gateway/oauth2/jwttoken",  # noqa: S106  # a path
        members="/learn/api/v1/lti/courses/{course}/members",
        groups="/learn/api/v1/lti/courses/{course}/groups",
        group_sets="/learn/api/v1/lti/courses/{course}/groupsets",
        line_items="/learn/api/v1/lti/courses/{course}/lineItems",
        line_item="/learn/api/v1/lti/courses/{course}/lineItems/{line_item}",
    ),
    bearer_exact=True,
    data="0a1b2c3d",
)
