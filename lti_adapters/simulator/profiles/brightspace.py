"""Brightspace: assertions name another audience than the token address, and users without grades are 422."""

from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.profiles.profile import ALL_SCOPES, Profile
from lti_core import scopes

BRIGHTSPACE = Profile(
    name="brightspace",
    family="desire2learn",
    paths=Paths(
        token="/core/connect/token",  # noqa: S106  # a path
        members="/d2l/api/lti/nrps/2.0/deployment/{deployment}/orgunit/{course}/memberships",
        groups="",
        group_sets="",
        line_items="/d2l/api/lti/ags/2.0/deployment/{deployment}/orgunit/{course}/lineitems",
        line_item="/d2l/api/lti/ags/2.0/deployment/{deployment}/orgunit/{course}/lineitems/{line_item}",
    ),
    scopes=tuple(scope for scope in ALL_SCOPES if scope != scopes.GROUPS_READ),
    audience="https://api.brightspace.com/auth/token",
    client_error=400,
    not_gradable=422,
)
