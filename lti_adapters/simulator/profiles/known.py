"""All profiles, by name."""

from collections.abc import Mapping

from lti_adapters.simulator.profiles.blackboard import BLACKBOARD
from lti_adapters.simulator.profiles.brightspace import BRIGHTSPACE
from lti_adapters.simulator.profiles.canvas import CANVAS
from lti_adapters.simulator.profiles.moodle import MOODLE
from lti_adapters.simulator.profiles.openedx import OPENEDX
from lti_adapters.simulator.profiles.profile import SPEC, Profile
from lti_core.errors import ConfigurationError

PROFILES: Mapping[str, Profile] = {
    profile.name: profile for profile in (SPEC, CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE, OPENEDX)
}


def profile_of(named: str | Profile) -> Profile:
    """The profile of that name, or the profile itself.

    Raises:
        ConfigurationError: `config.profile_unknown`.
    """
    if isinstance(named, Profile):
        return named
    if named not in PROFILES:
        names = ", ".join(PROFILES)
        message = f"There is no such profile; name one of {names}, or give a Profile."
        raise ConfigurationError("config.profile_unknown", message, expected=names, found=named)
    return PROFILES[named]
