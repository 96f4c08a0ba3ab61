"""Pages of lists: which one is asked for, and where the next one is (RFC 8288; NRPS 2.0 §2.3)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve, frozen

from lti_adapters.simulator.services.addresses import with_query
from lti_adapters.simulator.services.answers import Refused

if TYPE_CHECKING:
    from lti_adapters.simulator.profiles.profile import Profile

Entry = TypeVar("Entry")
LONGEST = 9  # digits of a number in a query


@frozen(kw_only=True)
class Span:
    """A part of a list. `size` None: all that follows `start`. `total` is the whole list's, once it is known."""

    start: int = 0
    size: int | None = None
    total: int = 0

    @property
    def stop(self) -> int:
        """Where the next page begins."""
        return self.total if self.size is None else self.start + self.size

    @property
    def has_more(self) -> bool:
        """Whether anything follows."""
        return self.stop < self.total

    def of(self, total: int) -> "Span":
        """This part of a list of that length."""
        return evolve(self, total=total)

    def cut(self, entries: Sequence[Entry]) -> list[Entry]:
        """This part of `entries`."""
        return list(entries[self.start : self.stop])

    def at(self, start: int, url: str, query: Mapping[str, str], page_by: str) -> str:
        """The address of the page that begins at `start`."""
        size = self.size or 1
        place = start if page_by == "from" else start // size + 1
        return with_query(url, {**query, "limit": str(size), page_by: str(place)})

    def next_address(self, url: str, query: Mapping[str, str], page_by: str) -> str:
        """The address of the next page; empty when this is the last."""
        return self.at(self.stop, url, query, page_by) if self.has_more else ""


def asked(query: Mapping[str, str], profile: "Profile") -> Span:
    """Which part of a list a query asks for.

    Raises:
        Refused: 400, where the platform looks at limits.
    """
    limit = _number(query.get("limit", ""))
    if limit == 0:
        if "limit" in query and profile.limit_checked:
            raise Refused(400, "limit must be a whole number above 0.")
        if profile.page_size is None:
            return Span()
        limit = profile.page_size
    size = min(limit, profile.page_most)
    place = _number(query.get(profile.page_by, ""))
    return Span(start=place if profile.page_by == "from" else max(place - 1, 0) * size, size=size)


def next_only(address: str) -> str:
    """A Link header that leads to the next page; empty where there is none."""
    return f'<{address}>; rel="next"' if address else ""


def link_header(links: str) -> dict[str, str]:
    """The headers that a page has because of its links."""
    return {"link": links} if links else {}


def _number(text: str) -> int:
    """A whole number of a query; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0
