"""Which page of a list is asked for (NRPS 2.0 §2.3)."""

from collections.abc import Mapping

from lti_adapters.simulator.profiles.profile import Profile
from lti_adapters.simulator.services.answers import Refused
from lti_adapters.simulator.services.span import Span

LONGEST = 9  # digits of a number in a query


def asked(query: Mapping[str, str], profile: Profile) -> Span:
    """Which part of a list a query asks for.

    Raises:
        Refused: 400, where the platform looks at limits.
    """
    limit = whole_number(query.get("limit", ""))
    if limit == 0:
        if "limit" in query and profile.limit_checked:
            raise Refused(400, "limit must be a whole number above 0.")
        if profile.page_size is None:
            return Span()
        limit = profile.page_size
    size = min(limit, profile.page_most)
    place = whole_number(query.get(profile.page_by, ""))
    return Span(start=place if profile.page_by == "from" else max(place - 1, 0) * size, size=size)


def whole_number(text: str) -> int:
    """A whole number of a query; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0
