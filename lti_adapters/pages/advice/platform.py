"""Advice for a person where the platform itself refused."""

from collections.abc import Mapping
from types import MappingProxyType

from lti_adapters.pages.advice.advice import LATER

PLATFORM_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "login_required": "You are not signed in to the learning platform any more. Sign in there, then open the"
        " activity again from your course.",
        "interaction_required": "The learning platform wants to ask you something first. Open it in a window of its"
        " own, sign in, then open the activity again from your course.",
        "access_denied": "The learning platform does not let you open this activity. Ask the teacher of the course.",
        "launch_no_longer_valid": "This launch was used already, or waited too long; a reload does that. Open the"
        " activity again from your course.",
        "temporarily_unavailable": "The learning platform is busy. " + LATER,
        "server_error": "Something went wrong in the learning platform. " + LATER,
    }
)
"""By the platform's own word for the reason (OIDC Core 1.0 §3.1.2.6; RFC 6749 §4.1.2.1; Canvas)."""
